using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The growth of counters per second between the last two samples. One thread samples; any thread may read.</summary>
/// <param name="count">Returns the current counters, always the same number. A counter that restarts counts as not grown.</param>
/// <param name="time">The clock.</param>
internal sealed class Rates(Func<long[]> count, TimeProvider time)
{
    private long _sampledMs = time.Milliseconds();
    private long[] _before = count();
    private double[]? _latest;

    /// <summary>The rate of each counter; 0 before the second sample.</summary>
    public IReadOnlyList<double> Latest => Volatile.Read(ref _latest) ?? new double[_before.Length];

    /// <summary>Takes a sample.</summary>
    public void Sample()
    {
        long nowMs = time.Milliseconds();
        double seconds = (nowMs - _sampledMs) / 1000.0;
        if (seconds <= 0)
            return;
        long[] now = count();
        Volatile.Write(ref _latest, [.. now.Zip(_before, (after, before) => Math.Max(0, after - before) / seconds)]);
        (_before, _sampledMs) = (now, nowMs);
    }
}
