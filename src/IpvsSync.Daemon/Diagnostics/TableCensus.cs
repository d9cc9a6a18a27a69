using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Counts the table's connections by origin, and samples the ages of some of the peers' connections. A walk copies every record, so it runs
/// only on demand, and uses at most a twentieth of one processor's time. Any thread may call it.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="timeouts">Returns the timeouts for entries that carry none.</param>
/// <param name="staleness">Records the ages in seconds.</param>
/// <param name="time">The table's clock.</param>
internal sealed class TableCensus(ConnectionTable table, Func<KernelTimeouts> timeouts, Histogram<double> staleness, TimeProvider time)
{
    /// <summary>The approximate number of ages sampled in a walk; all of them if there are fewer peers' connections.</summary>
    public const int Ages = 1000;

    /// <summary>After a walk there is a pause that is longer by this factor.</summary>
    private const int PauseFactor = 20;

    private readonly Lock _counting = new();
    private (long Local, long Peer) _latest;
    private long _walkedMs = long.MinValue / 2;
    private long _pauseMs;

    /// <summary>The connections by origin: current, or from the last walk if that is recent.</summary>
    public (long Local, long Peer) Count()
    {
        lock (_counting)
        {
            long nowMs = time.Milliseconds();
            if (nowMs - _walkedMs < _pauseMs)
                return _latest;
            _latest = Walk(nowMs);
            _walkedMs = time.Milliseconds();
            _pauseMs = (_walkedMs - nowMs) * PauseFactor;
            return _latest;
        }
    }

    private (long Local, long Peer) Walk(long nowMs)
    {
        int stride = 1 + (table.Count / Ages);
        KernelTimeouts lives = timeouts();
        (long local, long peer) = (0, 0);
        foreach (IReadOnlyList<ConnectionRecord> records in table.ByShard())
        {
            for (int i = 0; i < records.Count; i++)
            {
                if (records[i].Origin == Origin.Local)
                    local++;
                else if (peer++ % stride == 0)
                    staleness.Record(AgeMs(records[i], lives, nowMs) / 1000.0);
            }
        }

        return (local, peer);
    }

    /// <summary>The age of a connection is the time since its last update.</summary>
    private static long AgeMs(in ConnectionRecord record, KernelTimeouts lives, long nowMs)
        => Math.Max(0, nowMs + (lives.Of(record.Entry) * 1000L) - record.DeadlineMs);
}
