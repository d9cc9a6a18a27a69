using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of losses, ids 200-299.</summary>
internal static partial class LossReporterLog
{
    [LoggerMessage(200, LogLevel.Warning, "{Stage}: refused {Count} for {Reason} ({Total} since start).")]
    public static partial void Refused(this ILogger log, string stage, long count, string reason, long total);

    [LoggerMessage(201, LogLevel.Warning, "{Stage}: lost {Count} message(s) ({Total} since start).")]
    public static partial void Lost(this ILogger log, string stage, long count, long total);

    [LoggerMessage(202, LogLevel.Warning,
        "{Stage}: shortened the timeouts of {Count} entries ({Total} since start): they are longer than those of this director's kernel can be.")]
    public static partial void Shortened(this ILogger log, string stage, long count, long total);
}
