using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of services that are persistent on one side only, ids 222-223.</summary>
internal static partial class PersistenceReporterLog
{
    [LoggerMessage(222, LogLevel.Warning,
        "Not persistent on both sides: {Services}. Connections survive a failover, but the next ones of the same clients may reach other real "
        + "servers.")]
    public static partial void PersistenceDiffers(this ILogger log, string services);

    [LoggerMessage(223, LogLevel.Information, "What is persistent on the peers is persistent here, and the other way round.")]
    public static partial void PersistenceAgrees(this ILogger log);
}
