using IpvsSync.Daemon.Commands.Plan.Traffic;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// This daemon with a policy: the kernel's feed as the daemon sets it up, then the daemon's own outlet and lane, on a simulated clock.
/// Updates that the feed produces within a millisecond are sent together; the delay of the feed itself is not included. Messages are numbered,
/// and beats and digests sent, as with <c>Extensions</c>; nothing is lost.
/// </summary>
internal sealed class PlannedDaemon : IPlannedSender
{
    private const long Never = long.MaxValue;
    private const long SweepMs = 1000;
    private const int BatchSize = 32;

    /// <summary>Bytes of a beat: header, kind and flags, the highest number as a field, trailer (docs/protocol.md).</summary>
    private const int BeatSize = 8 + 2 + 9 + Trailer.UnsignedLength;

    /// <summary>Bytes of a digest: header, kind and flags, the sums as a field, trailer.</summary>
    private const int DigestSize = 8 + 2 + 5 + (CellSum.Groups * sizeof(ulong)) + Trailer.UnsignedLength;

    private readonly BackupView _backup = new();
    private readonly StageCounters _counters = new("sent");
    private readonly ManualTime _time = new();
    private readonly DatagramBuffer[] _batch = new DatagramBuffer[BatchSize];
    private readonly SyncKnobs _knobs;
    private readonly AskedPolicy _feed;
    private readonly LaneQueue _lane;
    private readonly OutletRecords _records;
    private readonly SentCount _sent;
    private readonly BeatSchedule _beats = new(nowMs: 0);
    private bool _isOver;
    private long _leavesAt = Never;
    private long _sweepsAt = SweepMs;
    private long _digestAt = FlowConstants.DigestMs;

    /// <summary>Makes a daemon with <paramref name="knobs"/> on a network.</summary>
    public PlannedDaemon(SyncKnobs knobs, WireOptions wire)
    {
        SyncOptions options = knobs.ToOptions();
        _knobs = knobs;
        _sent = new SentCount(wire.Mtu);
        _feed = new AskedPolicy(EmbeddedFeed.Policy(options));
        _lane = new LaneQueue(
            new LaneQueueOptions(wire.Version, SyncId: 0, Math.Max(1, wire.MessageSize - FlowConstants.TrailerRoom), int.MaxValue, options.FlushIntervalMs),
            _counters,
            _time);
        _records = new OutletRecords(new Outlet(new Lanes([_lane]), KernelSettings.Refresh(options), _counters));
    }

    /// <inheritdoc/>
    public void Take(in DirectorEvent directorEvent)
    {
        AdvanceTo(directorEvent.AtMs);
        _backup.Take(directorEvent);
        switch (directorEvent.Kind)
        {
            case EventKind.Created:
                _feed.Create(directorEvent);
                _records.Create(directorEvent.Id);
                return;
            case EventKind.Asked when _feed.IsSent(directorEvent):
                _records.Apply(directorEvent.Id, Numbered(directorEvent), directorEvent.AtMs);
                _leavesAt = Math.Min(_leavesAt, directorEvent.AtMs + 1);
                return;
        }
    }

    /// <inheritdoc/>
    public PlanResult Finish(long nowMs)
    {
        AdvanceTo(nowMs);
        _isOver = true;
        AdvanceTo(nowMs + BackupView.TimeoutMs);
        _backup.Finish(nowMs);
        return PlanResult.Of(_knobs, isDaemon: true, nowMs, _sent, _backup);
    }

    /// <summary>The entry with the connection's number as its real server, which makes no other difference: messages say whose they are.</summary>
    private static ConnectionEntry Numbered(in DirectorEvent asked) => asked.Entry with { Real = Address.FromIPv4((uint)asked.Id) };

    private void AdvanceTo(long nowMs)
    {
        for (long next = NextMs; next <= nowMs; next = NextMs)
        {
            _time.AdvanceTo(next);
            if (next == SpeaksMs)
                Speak(next);
            if (next == _sweepsAt)
            {
                _records.SendDeferred(next);
                _sweepsAt += SweepMs;
            }

            Send(next);
        }

        _time.AdvanceTo(nowMs);
    }

    /// <summary>When the lane says something about itself: not after the end of the traffic.</summary>
    private long SpeaksMs => _isOver ? Never : Math.Min(_beats.DueMs, _digestAt);

    private long NextMs => Math.Min(Math.Min(_leavesAt, _sweepsAt), SpeaksMs);

    private void Speak(long nowMs)
    {
        if (nowMs == _digestAt)
        {
            _sent.Add(DigestSize, entries: 0);
            _beats.NoteMessage(nowMs);
            _digestAt += FlowConstants.DigestMs;
            return;
        }

        _sent.Add(BeatSize, entries: 0);
        _beats.NoteBeat(nowMs);
    }

    private void Send(long nowMs)
    {
        TimeSpan wait;
        for (int count = _lane.TakeDue(_batch, out wait); count > 0; count = _lane.TakeDue(_batch, out wait))
        {
            foreach (DatagramBuffer message in _batch.AsSpan(0, count))
                Read(message.Content, nowMs);
            _beats.NoteMessage(nowMs);
            _lane.Return(_batch.AsSpan(0, count));
        }

        _leavesAt = wait == Timeout.InfiniteTimeSpan ? Never : nowMs + (long)wait.TotalMilliseconds;
    }

    private void Read(ReadOnlySpan<byte> message, long nowMs)
    {
        int entries = 0;
        var reader = new MessageReader(message, default);
        for (; reader.Read(out ConnectionEntry entry); entries++)
        {
            _backup.Tell((int)entry.Real.Low, entry.State, KernelTimeouts.Default.Of(entry) * 1000L, nowMs);
        }

        _sent.Add(message.Length + Trailer.UnsignedLength, entries);
    }
}
