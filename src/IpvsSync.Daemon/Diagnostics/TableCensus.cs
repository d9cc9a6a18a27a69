using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Counts the table's connections by origin, and samples the ages of some of the peers' connections. It copies only the sample. Any thread may
/// call it.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="timeouts">Returns the timeouts for entries that carry none.</param>
/// <param name="staleness">Records the ages in seconds.</param>
/// <param name="time">The table's clock.</param>
internal sealed class TableCensus(ConnectionTable table, Func<KernelTimeouts> timeouts, Histogram<double> staleness, TimeProvider time)
{
    /// <summary>The approximate number of connections sampled at each count; all of them if there are fewer.</summary>
    public const int Ages = 1000;

    /// <summary>Counts the connections by origin, and records a sample of ages.</summary>
    public (long Local, long Peer) Count()
    {
        long nowMs = time.Milliseconds();
        KernelTimeouts lives = timeouts();
        foreach (ConnectionRecord record in table.Sample(Ages).Where(record => record.Origin == Origin.Peer))
            staleness.Record(AgeMs(record, lives, nowMs) / 1000.0);
        int peers = table.Peers;
        return (Math.Max(0, table.Count - peers), peers);
    }

    /// <summary>The age of a connection is the time since its last update.</summary>
    private static long AgeMs(in ConnectionRecord record, KernelTimeouts lives, long nowMs)
        => Math.Max(0, nowMs + (lives.Of(record.Entry) * 1000L) - record.DeadlineMs);
}
