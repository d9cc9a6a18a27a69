using IpvsSync.Daemon.Peers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// A pass over the table for all peers that learn the same at once (docs/protocol.md, "Resync"). Its messages are numbered under an instance of
/// their own, so that nobody else misses them. Who comes later is told the rest first, and then what was before it. For the lane's sender,
/// except where said; allocates nothing per message.
/// </summary>
/// <param name="options">The lane.</param>
/// <param name="rule">What is told.</param>
/// <param name="teller">Tells the records.</param>
/// <param name="instance">The instance of its numbers.</param>
internal sealed class TeachingRun(LaneExtensionsOptions options, RecallRule rule, IRecordTeller teller, uint instance) : IRepairSource
{
    /// <summary>Messages that <see cref="Speak"/> makes at most: BEGIN and END of each learner, what is mended and told, and the BEGIN that shows it.</summary>
    public const int MostSpoken = (2 * FlowConstants.MaxLearners) + FlowConstants.RunBatch + 2;

    private readonly SentNumbers _numbers = new(options.History);
    private readonly DatagramBuffer[] _bulk = [.. Enumerable.Range(0, FlowConstants.RunBatch).Select(_ => new DatagramBuffer(options.ToldSize + FlowConstants.TrailerRoom))];
    private readonly DatagramBuffer[] _control = [.. Enumerable.Range(0, FlowConstants.MaxLearners + 2).Select(_ => new DatagramBuffer(FlowConstants.ControlSize))];
    private readonly int[] _records = new int[MessageWriter.MaxCount];
    private LaneRepair? _repair;
    private RecallCursor _cursor;
    private ulong _lastTold;
    private long _spokeMs;
    private long _begunMs;

    /// <summary>The instance of its numbers. Any thread, as the next two.</summary>
    public uint Instance => instance;

    /// <summary>What it tells.</summary>
    public RecallRule Rule => rule;

    /// <summary>What its learners miss.</summary>
    public RepairRequests Requests { get; } = new();

    /// <summary>Its learners. The teacher's lock guards the list.</summary>
    public List<RunLearner> Learners { get; } = [];

    private LaneRepair Repair => _repair ??= new LaneRepair(_numbers, Requests, options);

    /// <summary>When there is something to say.</summary>
    public long DueMs()
    {
        if (Repair.HasWork || MayTell)
            return long.MinValue;
        long dueMs = _spokeMs + FlowConstants.RunBeatMs;
        foreach (RunLearner learner in Learners)
        {
            if (learner.WantsBegin || (learner.HasBegun && !learner.IsTold))
                return long.MinValue;
            if (learner.IsTold && learner.StepsLeft == 0)
                dueMs = Math.Min(dueMs, learner.EndDueMs);
        }

        return dueMs;
    }

    /// <summary>
    /// Forgets learners that have all, are silent, or hold up the others and take nothing, and counts in those that have heard BEGIN. These are told
    /// whole steps from here on: of the one under way they have missed the beginning.
    /// </summary>
    public void Count(long nowMs)
    {
        for (int index = Learners.Count - 1; index >= 0; index--)
        {
            RunLearner learner = Learners[index];
            long aliveMs = learner.IsTold && IsBehind(learner) ? Math.Min(learner.HeardMs, learner.CreditMs) : learner.HeardMs;
            if (learner.IsDone || nowMs - aliveMs >= FlowConstants.LearnerSilentMs)
                Learners.RemoveAt(index);
            else if (learner.HasBegun && !learner.IsTold)
                (learner.IsTold, learner.StepsLeft) = (true, teller.RecallSteps + (_cursor.Passed > 0 ? 1 : 0));
        }
    }

    /// <summary>Makes the messages that are due; see <see cref="ISpeaker.Speak"/>. Under the teacher's lock; there are learners.</summary>
    /// <param name="queue">The lane's queue.</param>
    /// <param name="messages">Takes them.</param>
    /// <param name="isPartial">Whether this director is not complete itself.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    public int Speak(LaneQueue queue, Span<DatagramBuffer> messages, bool isPartial, long nowMs)
    {
        int count = 0;
        int control = 0;
        foreach (RunLearner learner in Learners)
        {
            if (learner.WantsBegin)
                messages[count++] = Begin(learner, _control[control++], nowMs);
        }

        count += Mend(queue, messages[count..], _control[control++], nowMs);
        count += TellOn(queue, messages[count..], nowMs);
        foreach (RunLearner learner in Learners)
        {
            if (learner.IsTold && learner.StepsLeft == 0 && learner.EndDueMs <= nowMs)
                messages[count++] = End(learner, _control[control++], isPartial, nowMs);
        }

        // It shows that the run goes on. A director that does not learn, and has missed it before, would take the run for a peer's news.
        if (_begunMs + FlowConstants.RunBeatMs <= nowMs)
            messages[count++] = Begin(Learners[0], _control[control], nowMs);
        if (count > 0)
            _spokeMs = nowMs;
        return count;
    }

    /// <inheritdoc/>
    Retelling IRepairSource.Tell(int record, long sentMs, ref MessageWriter writer) => teller.Recall(record, ref writer);

    /// <inheritdoc/>
    void IRepairSource.Lose(long sentMs)
    {
        // Nobody knows which records that were, and their number counts as repaired: all are told once more.
        foreach (RunLearner learner in Learners)
        {
            if (learner.IsTold)
                learner.StepsLeft = teller.RecallSteps + (_cursor.Passed > 0 ? 1 : 0);
        }
    }

    /// <summary>Whether a further message may leave: somebody is to be told, and the slowest is not too far behind.</summary>
    private bool MayTell
    {
        get
        {
            bool isWanted = false;
            foreach (RunLearner learner in Learners)
            {
                if (!learner.IsTold)
                    continue;
                isWanted |= learner.StepsLeft > 0;
                if (IsBehind(learner))
                    return false;
            }

            return isWanted;
        }
    }

    private bool IsBehind(RunLearner learner) => _numbers.Last - learner.Credit >= (ulong)learner.Window;

    private DatagramBuffer Begin(RunLearner learner, DatagramBuffer message, long nowMs)
    {
        (int own, int remembered) = teller.Counts;
        learner.WantsBegin = false;
        _begunMs = nowMs;
        ControlWriter writer = Start(message, ControlKind.Begin, learner);
        writer.TryWriteUInt64s(ControlField.Counts, [(ulong)((rule.IsRemembered ? remembered : own) / options.Lanes)]);
        return Number(message, writer.Length, [], nowMs);
    }

    private int Mend(LaneQueue queue, Span<DatagramBuffer> messages, DatagramBuffer control, long nowMs)
    {
        int count = 0;
        if (!Repair.HasWork)
            return 0;
        if (Repair.TryTell(_bulk[0], queue.Version, this, nowMs))
            messages[count++] = NumberBulk(_bulk[0], Repair.Told, nowMs);
        if (Repair.TryName(control))
            messages[count++] = Number(control, control.Length, [], nowMs);
        return count;
    }

    /// <summary>Tells on from the cursor, unless news waits.</summary>
    private int TellOn(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs)
    {
        int count = 0;
        // The first buffer may hold what was mended.
        for (int turn = 1; turn < _bulk.Length && MayTell && queue.Waiting == 0; turn++)
        {
            if (TryFill(_bulk[turn], queue.Version, out int told))
                messages[count++] = NumberBulk(_bulk[turn], _records.AsSpan(0, told), nowMs);
        }

        return count;
    }

    private bool TryFill(DatagramBuffer message, SyncVersion version, out int told)
    {
        told = 0;
        var writer = MessageWriter.Start(message.Space[..options.ToldSizeNow], version, options.SyncId);
        for (int steps = FlowConstants.RunSteps; steps > 0 && AnyStepLeft() && teller.Recall(ref _cursor, rule, ref writer, _records, ref told); steps--)
            Pass();
        message.Length = writer.Length;
        foreach (RunLearner learner in Learners)
            learner.Entries += told;
        return told > 0;
    }

    private bool AnyStepLeft()
    {
        foreach (RunLearner learner in Learners)
        {
            if (learner.IsTold && learner.StepsLeft > 0)
                return true;
        }

        return false;
    }

    /// <summary>A step of the table is told.</summary>
    private void Pass()
    {
        if (_cursor.Step == teller.RecallSteps)
            _cursor = default;
        foreach (RunLearner learner in Learners)
        {
            if (learner.IsTold && learner.StepsLeft > 0)
                learner.StepsLeft--;
        }
    }

    /// <summary>Says to a learner that was told everything that it has ended. That may be lost, so it is said until it is heard.</summary>
    private DatagramBuffer End(RunLearner learner, DatagramBuffer message, bool isPartial, long nowMs)
    {
        ControlWriter writer = Start(message, ControlKind.End, learner);
        writer.TryWriteNumber(ControlField.Highest, _lastTold);
        writer.TryWriteUInt64s(ControlField.Counts, [(ulong)learner.Entries]);
        writer.TryWriteByte(ControlField.Outcome, (byte)(isPartial ? ResyncOutcome.Partial : ResyncOutcome.Full));
        learner.EndDueMs = nowMs + FlowConstants.RunBeatMs;
        return Number(message, writer.Length, [], nowMs);
    }

    private ControlWriter Start(DatagramBuffer message, ControlKind kind, RunLearner learner)
    {
        var writer = ControlWriter.Start(message.Space, options.SyncId, kind);
        writer.TryWriteUInt32(ControlField.Target, learner.Instance);
        writer.TryWriteUInt32(ControlField.Run, learner.Run);
        return writer;
    }

    private DatagramBuffer NumberBulk(DatagramBuffer message, ReadOnlySpan<int> records, long nowMs)
    {
        DatagramBuffer numbered = Number(message, message.Length, records, nowMs);
        _lastTold = _numbers.Last;
        return numbered;
    }

    private DatagramBuffer Number(DatagramBuffer message, int length, ReadOnlySpan<int> records, long nowMs)
        => Seal(message, length, _numbers.Note(records, nowMs));

    private DatagramBuffer Seal(DatagramBuffer message, int length, ulong number)
        => options.Seal(message, length, instance, number);
}
