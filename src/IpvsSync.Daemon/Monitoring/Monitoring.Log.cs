using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>Log events of the metrics, ids 70 to 79.</summary>
internal static partial class MonitoringLog
{
    [LoggerMessage(70, LogLevel.Warning, "The metrics do not come to the collector at {Collector}: {Reason}")]
    public static partial void CollectorFails(this ILogger log, string collector, string reason);

    [LoggerMessage(71, LogLevel.Information, "The metrics come to the collector at {Collector} again.")]
    public static partial void CollectorIsBack(this ILogger log, string collector);
}
