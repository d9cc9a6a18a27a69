namespace IpvsSync.Daemon.Sending;

/// <summary>
/// When a part-filled message leaves its lane (spec §5.1, §5.6). News leaves at once from an idle lane. A lane is busy after a
/// number of departures within the flush interval: news then waits until that is no longer so, and gathers what arrives meanwhile. Deferred entries
/// wait for <see cref="FlowConstants.DeferredMs"/> at most. All times are ticks of one clock, which the caller reads. For one thread at a time.
/// </summary>
internal sealed class DepartureSchedule
{
    private readonly long _flushTicks;
    private readonly long _deferredTicks;
    private readonly long[] _departures;
    private int _oldest;

    /// <summary>The schedule of an idle lane.</summary>
    /// <param name="flushIntervalMs">Longest time in milliseconds that news waits in a busy lane.</param>
    /// <param name="busyDepartures">Departures within that time that make a lane busy.</param>
    /// <param name="frequency">Ticks a second.</param>
    /// <param name="now">The time.</param>
    public DepartureSchedule(int flushIntervalMs, int busyDepartures, long frequency, long now)
    {
        _departures = new long[busyDepartures];
        _flushTicks = flushIntervalMs * frequency / 1000;
        _deferredTicks = FlowConstants.DeferredMs * frequency / 1000;
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
        _oldest = (_oldest + 1) % _departures.Length;
    }
}
