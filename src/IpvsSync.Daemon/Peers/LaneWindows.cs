using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// The numbers of all peers' messages on one lane. The lane's receiver notes what comes, its sender asks for what does not. Any thread; one
/// lock, taken once a message.
/// </summary>
/// <param name="own">This director's own instance.</param>
internal sealed class LaneWindows(uint own)
{
    private readonly Lock _lock = new();
    private readonly List<PeerWindow> _windows = [];
    private PeerWindow? _last;
    private WindowCounts _past;
    private long _unknown;
    private int _turn;

    /// <summary>Messages of instances for which there was no place: as many are known already as there may be.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>What became of the numbers of instances that are forgotten by now.</summary>
    public WindowCounts Past
    {
        get
        {
            lock (_lock)
                return _past;
        }
    }

    /// <summary>Every instance that is known.</summary>
    public IReadOnlyList<InstanceSnapshot> Snapshots
    {
        get
        {
            lock (_lock)
                return [.. _windows.Select(Snapshot)];
        }
    }

    /// <summary>Notes a message.</summary>
    /// <param name="trailer">Its trailer, with a number.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="opensHole">Whether there is something to be asked for that was not known before.</param>
    /// <returns>Null if there is no place for its instance: nothing is known of the order of its messages.</returns>
    public NumberVerdict? Note(in Trailer trailer, in SourceAddress source, long nowMs, out bool opensHole)
    {
        lock (_lock)
        {
            opensHole = false;
            if (Find(trailer, trailer.Number, isCome: true, source, nowMs) is not { } window)
                return null;
            int open = window.Numbers.OpenCount;
            NumberVerdict verdict = window.Numbers.Note(trailer.Number, nowMs, PatienceMs());
            opensHole = window.Numbers.OpenCount > open;
            return verdict;
        }
    }

    /// <summary>Notes that an instance has sent messages up to <paramref name="highest"/>.</summary>
    /// <returns>Whether there is something to be asked for that was not known before.</returns>
    public bool Announce(in Trailer trailer, ulong highest, in SourceAddress source, long nowMs)
    {
        lock (_lock)
        {
            if (Find(trailer, highest, isCome: false, source, nowMs) is not { } window)
                return false;
            int open = window.Numbers.OpenCount;
            window.Numbers.Announce(highest, nowMs, PatienceMs());
            return window.Numbers.OpenCount > open;
        }
    }

    /// <summary>Notes that an instance has told again what messages of its carried; see <see cref="NumberWindow.Repair"/>.</summary>
    public void Repair(uint instance, NumberRange range, bool isGone, long nowMs)
    {
        lock (_lock)
            Known(instance)?.Numbers.Repair(range, isGone, nowMs);
    }

    /// <summary>When something is to be asked for, on the table's clock; <see cref="long.MaxValue"/> if nothing is.</summary>
    public long DueMs(long nowMs)
    {
        lock (_lock)
        {
            long dueMs = long.MaxValue;
            foreach (PeerWindow window in _windows)
            {
                if (!window.IsSilentAt(nowMs))
                    dueMs = Math.Min(dueMs, window.Numbers.DueMs);
            }

            return dueMs;
        }
    }

    /// <summary>Takes what is to be asked for now, of one instance; the next call begins with the next one.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="instance">The instance to ask.</param>
    /// <param name="ranges">Takes the numbers.</param>
    /// <returns>How many ranges there are; 0 when nothing is due.</returns>
    public int TakeDue(long nowMs, out uint instance, Span<NumberRange> ranges)
    {
        lock (_lock)
        {
            instance = 0;
            for (int tries = _windows.Count; tries > 0; tries--)
            {
                PeerWindow window = _windows[_turn++ % _windows.Count];
                if (window.IsSilentAt(nowMs) || window.Numbers.TakeDue(nowMs, ranges) is not (> 0 and var count))
                    continue;
                instance = window.Instance;
                return count;
            }

            return 0;
        }
    }

    /// <summary>Forgets all instances.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _windows.ForEach(Forget);
            _windows.Clear();
            _last = null;
        }
    }

    private static InstanceSnapshot Snapshot(PeerWindow window)
        => new(window.Instance, window.Source, window.HeardMs, window.Numbers.Highest, window.Numbers.OpenCount, window.Numbers.Counts);

    /// <summary>With more than one peer, each waits for a random time: one of them may ask for all.</summary>
    private long PatienceMs()
        => FlowConstants.NackAfterMs + (_windows.Count > 1 ? Random.Shared.Next(FlowConstants.NackSpreadMs + 1) : 0);

    private PeerWindow? Known(uint instance)
    {
        if (_last?.Instance == instance)
            return _last;
        foreach (PeerWindow window in _windows)
        {
            if (window.Instance == instance)
                return _last = window;
        }

        return null;
    }

    private PeerWindow? Find(in Trailer trailer, ulong number, bool isCome, in SourceAddress source, long nowMs)
    {
        PeerWindow? window = Known(trailer.Instance) ?? Admit(trailer.Instance, number, isCome, source, nowMs);
        if (window is null)
            Volatile.Write(ref _unknown, _unknown + 1);
        else
            (window.HeardMs, window.Source) = (nowMs, source);
        return window;
    }

    private PeerWindow? Admit(uint instance, ulong number, bool isCome, in SourceAddress source, long nowMs)
    {
        if (instance == own || !HasPlace(nowMs))
            return null;
        var window = new PeerWindow(instance, source, nowMs);
        window.Numbers.Begin(number, isCome);
        _windows.Add(window);
        return _last = window;
    }

    private bool HasPlace(long nowMs)
    {
        if (_windows.Count < FlowConstants.MaxPeers)
            return true;
        PeerWindow oldest = _windows.MinBy(window => window.HeardMs)!;
        if (!oldest.IsSilentAt(nowMs))
            return false;
        Forget(oldest);
        return _windows.Remove(oldest);
    }

    private void Forget(PeerWindow window)
    {
        window.Numbers.GiveUp();
        _past.Add(window.Numbers.Counts);
    }
}
