namespace IpvsSync.Daemon.Sending;

/// <summary>
/// When a part-filled message leaves its lane (spec §5.1, §5.6). News leaves at once from an idle lane. A lane is busy after
/// <see cref="BusyRate"/> departures within the flush interval: news then waits until that is no longer so, and gathers what arrives
/// meanwhile. Deferred entries wait for <see cref="DeferredMs"/> at most. All times are ticks of one clock, which the caller reads. For one
/// thread at a time.
/// </summary>
internal sealed class DepartureSchedule
{
    /// <summary>Departures within a flush interval that make a lane busy; the kernel wakes its sender at as many messages (spec §5.1).</summary>
    public const int BusyRate = 8;

    /// <summary>Longest wait in milliseconds of what is not urgent: the kernel's for a part-filled message (spec §5.1, FLUSH_TIME).</summary>
    public const int DeferredMs = 2000;

    private readonly long _flushTicks;
    private readonly long _deferredTicks;
    private readonly long[] _departures = new long[BusyRate];
    private int _oldest;

    /// <summary>The schedule of an idle lane.</summary>
    /// <param name="flushIntervalMs">Longest time in milliseconds that news waits in a busy lane.</param>
    /// <param name="frequency">Ticks a second.</param>
    /// <param name="now">The time.</param>
    public DepartureSchedule(int flushIntervalMs, long frequency, long now)
    {
        _flushTicks = flushIntervalMs * frequency / 1000;
        _deferredTicks = DeferredMs * frequency / 1000;
        Array.Fill(_departures, now - _flushTicks);
    }

    /// <summary>When a part-filled message with news leaves.</summary>
    public long NewsDueAt => _departures[_oldest] + _flushTicks;

    /// <summary>When a message leaves that was begun at <paramref name="begun"/> and has only deferred entries.</summary>
    public long DeferredDueAt(long begun) => begun + _deferredTicks;

    /// <summary>Notes that messages leave.</summary>
    public void NoteDeparture(long now)
    {
        _departures[_oldest] = now;
        _oldest = (_oldest + 1) % BusyRate;
    }
}
