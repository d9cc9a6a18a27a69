using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of services and real servers that are not configured here, ids 220-229.</summary>
internal static partial class MissingReporterLog
{
    [LoggerMessage(220, LogLevel.Warning,
        "{Count} connection(s) of the peers have no real server here, and would be lost in a failover: not configured are {Missing}.")]
    public static partial void Missing(this ILogger log, int count, string missing);

    [LoggerMessage(221, LogLevel.Information, "All connections of the peers have their real servers here.")]
    public static partial void NothingMissing(this ILogger log);
}
