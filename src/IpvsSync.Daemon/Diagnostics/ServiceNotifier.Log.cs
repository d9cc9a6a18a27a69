using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of the messages to systemd, ids 32 and 33 of the director's.</summary>
internal static partial class ServiceNotifierLog
{
    [LoggerMessage(32, LogLevel.Warning, "systemd cannot be told the state of the service, and its watchdog is not fed: {Reason}")]
    public static partial void SystemdDeaf(this ILogger log, string reason);

    [LoggerMessage(33, LogLevel.Information, "systemd is told the state of the service again.")]
    public static partial void SystemdHears(this ILogger log);
}
