using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of losses, ids 200-299.</summary>
internal static partial class LossReporterLog
{
    [LoggerMessage(200, LogLevel.Warning, "{Stage}: refused {Count} for {Reason} ({Total} since start).")]
    public static partial void Refused(this ILogger log, string stage, long count, string reason, long total);

    [LoggerMessage(201, LogLevel.Warning, "{Stage}: lost {Count} message(s) ({Total} since start).")]
    public static partial void Lost(this ILogger log, string stage, long count, long total);
}
