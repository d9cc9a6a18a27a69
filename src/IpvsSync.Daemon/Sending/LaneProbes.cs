using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Asks each peer on each way for an answer (docs/protocol.md, "Ways"): how long that takes, and whether a message of full size comes through. A peer that
/// hears small messages and no full ones has a way with a smaller MTU of which no router reports; messages are made smaller for it. On the first lane. The
/// lane's sender speaks, its receiver brings the answers; one lock.
/// </summary>
internal sealed class LaneProbes : ISpeaker
{
    private const byte ProbeFlag = 2;
    private const byte AnswerFlag = 4;
    private const long EachMs = 1000;
    private const long DoubtMs = 250;
    private const int FullEach = 5;
    private const int MostMessages = 8;
    private const int MostWaiting = 32;
    private const int MostKnown = FlowConstants.MaxPeers * FlowConstants.MaxLinks;
    private const int Remembered = 256;
    private const int SmallSize = 64;

    // Places in the list of sizes; the narrow ones follow.
    private const int Small = 0;
    private const int Full = 1;

    /// <summary>MTUs of links that are narrower than Ethernet: of Google's and Azure's networks, and the least of IPv6.</summary>
    private static readonly int[] s_narrow = [1460, 1400, 1280];

    private readonly Lock _lock = new();
    private readonly LaneExtensionsOptions _options;
    private readonly IReadOnlyList<ProbePath> _paths;
    private readonly TimeProvider _time;
    private readonly DatagramBuffer[] _messages;
    private readonly List<ProbedPeer> _peers = [];
    private readonly Queue<(uint Peer, uint Echo, int Path)> _answers = new();
    private readonly Queue<(int Path, int Size)> _asked = new();
    private readonly (uint Echo, int Path, int Size, long Sent)[] _sent = new (uint, int, int, long)[Remembered];
    private readonly int[] _sizes;
    private uint _echo = Instances.New();
    private long _dueMs;
    private int _round;
    private bool _isFull;
    private volatile bool _hasAnswers;

    /// <summary>Probes that have found out nothing.</summary>
    /// <param name="options">The lane.</param>
    /// <param name="paths">The ways, by number.</param>
    /// <param name="time">The clock of <paramref name="nowMs"/>, which also measures.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    public LaneProbes(LaneExtensionsOptions options, IReadOnlyList<ProbePath> paths, TimeProvider time, long nowMs)
    {
        (_options, _paths, _time, _dueMs) = (options, paths, time, nowMs);
        int most = options.Wire?.Most ?? options.MessageSize + FlowConstants.TrailerRoom;
        int headers = options.Wire?.Headers ?? 0;
        _sizes = [SmallSize, most, .. s_narrow.Select(mtu => mtu - headers)];
        _messages = [.. Enumerable.Range(0, MostMessages).Select(_ => new DatagramBuffer(Math.Max(most, SmallSize)))];
    }

    /// <summary>What was found out about each peer that answers. Any thread.</summary>
    public IReadOnlyList<ProbeAccount> Accounts
    {
        get
        {
            lock (_lock)
            {
                return [.. _peers.OrderBy(peer => peer.Link).Select(peer => new ProbeAccount(
                    peer.Instance, peer.Source, peer.Link, peer.RoundTripMs, LargestOf(peer) is var size and not int.MaxValue ? size : 0))];
            }
        }
    }

    /// <summary>Whether a HELLO with these flags is a probe.</summary>
    public static bool IsProbe(byte flags) => (flags & ProbeFlag) != 0;

    /// <summary>Whether a HELLO_ACK with these flags answers a probe.</summary>
    public static bool IsAnswer(byte flags) => (flags & AnswerFlag) != 0;

    /// <summary>A peer probes: it is answered on the way on which it is heard. Any thread.</summary>
    public void NoteProbe(uint peer, uint echo, in SourceAddress source, int link)
    {
        lock (_lock)
        {
            if (_answers.Count < MostWaiting)
                _answers.Enqueue((peer, echo, PathTo(source, link)));
            _hasAnswers = true;
        }
    }

    /// <summary>A peer answers. Any thread.</summary>
    public void NoteAnswer(uint instance, uint echo, in SourceAddress source, int link, long nowMs)
    {
        lock (_lock)
        {
            (uint Echo, int Path, int Size, long Sent) asked = _sent[echo % Remembered];
            if (asked.Echo != echo || echo == 0 || _paths[asked.Path].Link != link || Find(instance, link) is not { } peer)
                return;
            (peer.Source, peer.HeardMs) = (source, nowMs);
            peer.NoteAnswer(asked.Size, _time.GetElapsedTime(asked.Sent).TotalMilliseconds);
            Decide(nowMs);
        }
    }

    /// <inheritdoc/>
    public long DueMs() => _hasAnswers ? long.MinValue : Volatile.Read(ref _dueMs);

    /// <inheritdoc/>
    public int Speak(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs)
    {
        if (!_hasAnswers && nowMs < _dueMs)
            return 0;
        lock (_lock)
        {
            int count = 0;
            while (count < MostMessages && _answers.TryDequeue(out (uint Peer, uint Echo, int Path) answer))
                messages[count] = Answer(_messages[count++], answer.Peer, answer.Echo, answer.Path);
            _hasAnswers = _answers.Count > 0;
            if (nowMs >= _dueMs && _asked.Count == 0)
                Plan(nowMs);
            while (count < MostMessages && _asked.TryDequeue(out (int Path, int Size) probe))
                messages[count] = Probe(_messages[count++], probe.Path, probe.Size);
            if (_asked.Count == 0 && nowMs >= _dueMs)
                Volatile.Write(ref _dueMs, nowMs + (_isFull ? DoubtMs : EachMs));
            return count;
        }
    }

    /// <summary>Says what is to be asked this time: always something small, at times something of full size, and where that does not come through, of less.</summary>
    private void Plan(long nowMs)
    {
        for (int index = _peers.Count - 1; index >= 0; index--)
        {
            if (nowMs - _peers[index].HeardMs >= FlowConstants.PeerForgetSoonMs)
                _peers.RemoveAt(index);
        }

        Decide(nowMs);
        bool isDoubtful = IsInDoubt(nowMs);
        // Answers to a full one are looked for soon.
        _isFull = isDoubtful || _round++ % FullEach == 0;
        bool isNarrow = _isFull && (isDoubtful || IsAnyNarrow(nowMs));
        for (int path = 0; path < _paths.Count; path++)
        {
            _asked.Enqueue((path, Small));
            // From small to large: what follows a larger one may leave as one packet with it, which no narrow way passes.
            for (int size = _sizes.Length - 1; isNarrow && size > Full; size--)
            {
                if (_sizes[size] < SizeAt(Full))
                    _asked.Enqueue((path, size));
            }

            if (_isFull)
                _asked.Enqueue((path, Full));
        }
    }

    private bool IsInDoubt(long nowMs)
    {
        foreach (ProbedPeer peer in _peers)
        {
            if (peer.IsHere(nowMs) && peer.IsDoubtful(_sizes.Length))
                return true;
        }

        return false;
    }

    private bool IsAnyNarrow(long nowMs)
    {
        foreach (ProbedPeer peer in _peers)
        {
            if (peer.IsHere(nowMs) && LargestOf(peer) != int.MaxValue)
                return true;
        }

        return false;
    }

    private void Decide(long nowMs)
    {
        int size = int.MaxValue;
        foreach (ProbedPeer peer in _peers)
            size = peer.IsHere(nowMs) ? Math.Min(size, LargestOf(peer)) : size;
        _options.Wire?.NoteHeard(size);
    }

    /// <summary>Bytes of the largest message that a peer hears; <see cref="int.MaxValue"/> if nothing speaks against any size.</summary>
    private int LargestOf(ProbedPeer peer)
    {
        int place = peer.Largest(_sizes.Length);
        return place != Full && _sizes[place] < SizeAt(Full) ? _sizes[place] : int.MaxValue;
    }

    private int SizeAt(int place) => place == Full && _options.Wire is { } wire ? Math.Min(_sizes[Full], wire.Wanted) : _sizes[place];

    private int PathTo(in SourceAddress source, int link)
    {
        int found = DatagramBuffer.AllPaths;
        for (int path = 0; path < _paths.Count; path++)
        {
            if (_paths[path].Link != link)
                continue;
            if (_paths[path].Peer == source)
                return path;
            if (_paths[path].Peer is null)
                found = path;
        }

        return found;
    }

    private ProbedPeer? Find(uint instance, int link)
    {
        foreach (ProbedPeer known in _peers)
        {
            if (known.Instance == instance && known.Link == link)
                return known;
        }

        if (_peers.Count == MostKnown)
            return null;
        var peer = new ProbedPeer(instance, link, _sizes.Length);
        _peers.Add(peer);
        _round = 0;
        return peer;
    }

    private DatagramBuffer Probe(DatagramBuffer message, int path, int size)
    {
        if (++_echo == 0)
            _echo = 1;
        _sent[_echo % Remembered] = (_echo, path, size, _time.GetTimestamp());
        foreach (ProbedPeer peer in _peers)
        {
            if (peer.Link == _paths[path].Link && (_paths[path].Peer is not { } host || host == peer.Source))
                peer.NoteAsked(size);
        }

        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.Hello, ProbeFlag);
        writer.TryWriteUInt32(ControlField.Echo, _echo);
        writer.TryPad(SizeAt(size) - FlowConstants.TrailerRoom);
        return Seal(message, writer.Length, path);
    }

    private DatagramBuffer Answer(DatagramBuffer message, uint peer, uint echo, int path)
    {
        var writer = ControlWriter.Start(message.Space, _options.SyncId, ControlKind.HelloAck, AnswerFlag);
        writer.TryWriteUInt32(ControlField.Target, peer);
        writer.TryWriteUInt32(ControlField.Echo, echo);
        return Seal(message, writer.Length, path);
    }

    private DatagramBuffer Seal(DatagramBuffer message, int length, int path)
    {
        _options.Seal(message, length, _options.Instance, number: 0);
        message.Path = path;
        return message;
    }
}
