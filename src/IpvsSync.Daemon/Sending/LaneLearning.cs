using IpvsSync.Daemon.Peers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// What a lane says to learn, and to be learnt from: HELLO and its answer on the first lane, ASK and CREDIT on each. For the lane's sender, except
/// where said.
/// </summary>
/// <param name="options">The lane.</param>
/// <param name="learner">Learns.</param>
/// <param name="teller">Knows what this director could tell.</param>
/// <param name="numbers">The lane's own messages.</param>
internal sealed class LaneLearning(LaneExtensionsOptions options, Learner learner, IRecordTeller teller, SentNumbers numbers) : ISpeaker
{
    private const byte CompleteFlag = 1;
    private const byte StartingFlag = 2;
    private const byte RememberedFlag = 1;
    private const byte DoneFlag = 1;
    private const byte LearnFlag = 1;
    private const int MessageSize = 128;
    private const int MostAnswers = 4;
    private const int TimesToTeach = 3;

    private readonly DatagramBuffer[] _messages = [.. Enumerable.Range(0, MostAnswers + 4).Select(_ => new DatagramBuffer(MessageSize))];
    private readonly Lock _lock = new();
    private readonly Queue<(uint Peer, ulong Nonce)> _greeted = new();
    private readonly Queue<uint> _taught = new();
    private volatile bool _hasWord;

    /// <summary>Whether the sender of a HELLO_ACK with these flags is complete.</summary>
    public static bool IsComplete(byte flags) => (flags & CompleteFlag) != 0;

    /// <summary>Whether the sender of a HELLO_ACK with these flags has not been ready yet.</summary>
    public static bool IsStarting(byte flags) => (flags & StartingFlag) != 0;

    /// <summary>Whether an ASK with these flags asks for what is remembered of others.</summary>
    public static bool IsRemembered(byte flags) => (flags & RememberedFlag) != 0;

    /// <summary>Whether the sender of a CREDIT with these flags has all.</summary>
    public static bool IsDone(byte flags) => (flags & DoneFlag) != 0;

    /// <summary>Whether a HELLO with these flags has its target learn from its sender.</summary>
    public static bool HasToLearn(byte flags) => (flags & LearnFlag) != 0;

    /// <summary>Answers a HELLO. Any thread.</summary>
    public void Greet(uint peer, ulong nonce)
    {
        lock (_lock)
        {
            if (_greeted.Count < FlowConstants.MaxPeers && !_greeted.Contains((peer, nonce)))
                _greeted.Enqueue((peer, nonce));
            _hasWord = true;
        }
    }

    /// <summary>Has a peer learn from this director. Any thread.</summary>
    public void Teach(uint peer)
    {
        lock (_lock)
        {
            for (int time = 0; time < TimesToTeach; time++)
                _taught.Enqueue(peer);
            _hasWord = true;
        }
    }

    /// <inheritdoc/>
    public long DueMs()
        => _hasWord ? long.MinValue : Math.Min(learner.DueMs(options.Lane), options.Authentication?.Challenge.DueMs ?? long.MaxValue);

    /// <inheritdoc/>
    public int Speak(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs)
    {
        int count = 0;
        if (learner.TakeHello(options.Lane, nowMs))
            messages[count] = Hello(_messages[count++], target: 0, NonceAt(nowMs));
        else if (options.Authentication?.Challenge.TryTake(nowMs, out ulong nonce) == true)
            messages[count] = Hello(_messages[count++], target: 0, nonce);
        if (learner.TryTakeAsk(options.Lane, nowMs, out LessonQuestion question))
            messages[count] = Ask(_messages[count++], question);
        if (learner.TryTakeCredit(options.Lane, nowMs, out LessonCredit credit))
            messages[count] = Credit(_messages[count++], credit);
        return _hasWord ? count + Answer(messages[count..], count, nowMs) : count;
    }

    private int Answer(Span<DatagramBuffer> messages, int from, long nowMs)
    {
        int count = 0;
        lock (_lock)
        {
            if (_taught.TryDequeue(out uint taught))
                messages[count] = Hello(_messages[from + count++], taught, NonceAt(nowMs));
            while (count < MostAnswers && _greeted.TryDequeue(out (uint Peer, ulong Nonce) greeted))
                messages[count] = HelloAck(_messages[from + count++], greeted.Peer, greeted.Nonce);
            _hasWord = _greeted.Count + _taught.Count > 0;
        }

        return count;
    }

    /// <summary>Where messages are signed, an answer to any HELLO shows that its sender is there.</summary>
    private ulong NonceAt(long nowMs) => options.Authentication is { Store.Ring: not null, Challenge: { } challenge } ? challenge.Nonce(nowMs) : learner.Nonce;

    private DatagramBuffer Hello(DatagramBuffer message, uint target, ulong nonce)
    {
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.Hello, target == 0 ? (byte)0 : LearnFlag);
        if (target != 0)
            writer.TryWriteUInt32(ControlField.Target, target);
        writer.TryWriteUInt64(ControlField.Nonce, nonce);
        return Seal(message, writer.Length);
    }

    private DatagramBuffer HelloAck(DatagramBuffer message, uint peer, ulong nonce)
    {
        (int own, int remembered) = teller.Counts;
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.HelloAck, Flags);
        writer.TryWriteUInt32(ControlField.Target, peer);
        writer.TryWriteUInt64(ControlField.Nonce, nonce);
        writer.TryWriteNumber(ControlField.Highest, numbers.Last);
        writer.TryWriteUInt64s(ControlField.Counts, [(ulong)own, (ulong)remembered, (ulong)options.Lanes]);
        return Seal(message, writer.Length);
    }

    private byte Flags => (byte)((learner.IsComplete ? CompleteFlag : 0) | (learner.IsStarting ? StartingFlag : 0));

    private DatagramBuffer Ask(DatagramBuffer message, in LessonQuestion question)
    {
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.Ask, question.Lesson.IsRemembered ? RememberedFlag : (byte)0);
        writer.TryWriteUInt32(ControlField.Target, question.Lesson.Teacher);
        writer.TryWriteUInt32(ControlField.Run, question.Run);
        writer.TryWriteByte(ControlField.Reason, (byte)question.Reason);
        writer.TryWriteUInt64s(ControlField.Counts, [(ulong)options.RunWindow]);
        return Seal(message, writer.Length);
    }

    private DatagramBuffer Credit(DatagramBuffer message, in LessonCredit credit)
    {
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.Credit, credit.IsDone ? DoneFlag : (byte)0);
        writer.TryWriteUInt32(ControlField.Target, credit.Teacher);
        writer.TryWriteUInt32(ControlField.Run, credit.Run);
        writer.TryWriteNumber(ControlField.Highest, credit.Highest);
        return Seal(message, writer.Length);
    }

    private DatagramBuffer Seal(DatagramBuffer message, int length)
        => options.Seal(message, length, options.Instance, number: 0);
}
