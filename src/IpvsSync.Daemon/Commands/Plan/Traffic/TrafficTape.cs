using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Plan.Traffic;

/// <summary>
/// Runs a workload through the embedded director once and records every event that policies must handle. A director handles its packets
/// independently of its policy, so all policies share one run. One thread.
/// </summary>
internal sealed class TrafficTape
{
    private const int TicksPerSecond = 1000; // a tick is a millisecond
    private const long SweepMs = 10_000;

    /// <summary>A policy that sends everything it is asked about; what the director sends with it are the decisions to make.</summary>
    private static readonly SyncSettings s_everything = new() { Threshold = 0, Period = 1, TicksPerSecond = TicksPerSecond };

    private readonly Dictionary<ConnectionKey, Tracked> _tracked = [];
    private readonly Stack<int> _spare = new();
    private readonly Stack<int> _spareSoon = new();
    private readonly EmbeddedDirector _director;
    private readonly Workload _workload;
    private List<DirectorEvent> _events = [];
    private Tracked? _last;
    private Packet _packet;
    private long _atMs;
    private bool _isPending;
    private long _sweepAtMs = SweepMs;
    private long _packets;
    private long _walk;
    private int _ids;

    /// <summary>Makes traffic that starts at 0 ms.</summary>
    public TrafficTape(WorkloadOptions workload)
    {
        _director = new EmbeddedDirector(s_everything, OnAsked);
        WorkloadServices.AddTo(_director, forwarding: workload.HasReplies ? ForwardingMethod.Masquerade : ForwardingMethod.DirectRouting);
        _workload = new Workload(workload);
    }

    /// <summary>The time of the last event in milliseconds.</summary>
    public long NowMs => _director.Now;

    /// <summary>Adds <paramref name="count"/> events or a few more, or all events until <paramref name="untilMs"/>.</summary>
    /// <returns>False when that time is reached.</returns>
    public bool Fill(List<DirectorEvent> events, int count, long untilMs)
    {
        _events = events;
        while (events.Count < count)
        {
            _isPending = _isPending || _workload.Next(out _packet, out _atMs);
            long next = _isPending ? Math.Min(_atMs, _sweepAtMs) : _sweepAtMs;
            PassTime(Math.Min(next, untilMs));
            if (next > untilMs)
                return false;
            if (next == _sweepAtMs)
                Sweep();
            else
                Carry();
        }

        return true;
    }

    private void PassTime(long untilMs)
    {
        _walk = 0;
        _director.AdvanceTo(untilMs);
    }

    private void Carry()
    {
        _walk = ++_packets;
        _director.Receive(_packet, _atMs);
        _isPending = false;
        if (IsLast(_packet.Key))
            Note(_last!);
        else if (_director.Find(_packet.Key) is not null)
            Note(Track(_packet.Key));
    }

    /// <summary>Most packets follow another one of their connection, which saves the lookup.</summary>
    private bool IsLast(in ConnectionKey key) => _last is { HasEnded: false } && _last.Connection.Key == key;

    private void OnAsked(in ConnectionEntry entry, SyncVerdict verdict)
    {
        Tracked tracked = Track(entry.Key);
        Note(tracked);
        Add(EventKind.Asked, tracked, entry, _director.Now);
    }

    private void Note(Tracked tracked)
    {
        if (tracked.TakeChange())
            Add(EventKind.Changed, tracked, tracked.Connection.ToEntry(TicksPerSecond), _director.Now);
    }

    private Tracked Track(in ConnectionKey key)
    {
        if (IsLast(key))
            return _last!;
        Tracked tracked = Find(key);
        if (!key.IsTemplate)
            _last = tracked;
        return tracked;
    }

    private Tracked Find(in ConnectionKey key)
    {
        if (_tracked.TryGetValue(key, out Tracked? known) && !known.HasEnded)
            return known;
        if (known is not null)
            End(known);
        Tracked tracked = new(_director.Find(key)!, _spare.TryPop(out int id) ? id : _ids++);
        _tracked[key] = tracked;
        Add(EventKind.Created, tracked, tracked.Connection.ToEntry(TicksPerSecond), _director.Now);
        return tracked;
    }

    /// <summary>A number is reused after the next sweep: by then the senders have sent everything that refers to it.</summary>
    private void Sweep()
    {
        while (_spareSoon.TryPop(out int id))
            _spare.Push(id);
        foreach ((ConnectionKey key, Tracked tracked) in _tracked)
        {
            if (!tracked.HasEnded)
                continue;
            End(tracked);
            _tracked.Remove(key);
            _spareSoon.Push(tracked.Id);
        }

        _sweepAtMs += SweepMs;
    }

    private void End(Tracked tracked)
    {
        long endedAt = Math.Min(tracked.Connection.ExpiresAt, _director.Now);
        Add(EventKind.Ended, tracked, tracked.Connection.ToEntry(TicksPerSecond), endedAt);
    }

    private void Add(EventKind kind, Tracked tracked, in ConnectionEntry entry, long atMs) => _events.Add(new DirectorEvent
    {
        Kind = kind,
        Id = tracked.Id,
        AtMs = atMs,
        Walk = _walk,
        Packets = tracked.Connection.InPackets,
        Facts = tracked.Connection.Facts,
        Entry = entry,
    });
}
