using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Hosting;

/// <summary>Log events of the process around the director, ids 34 to 39 of the director's.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(34, LogLevel.Critical, "The stop has not ended after {Seconds} s; the process ends now. Its last step: {Step}")]
    public static partial void StopHangs(this ILogger log, double seconds, string step);

    [LoggerMessage(35, LogLevel.Information, "A reload was asked for before the daemon was ready; it follows.")]
    public static partial void ReloadKept(this ILogger log);

    [LoggerMessage(36, LogLevel.Warning, "The limit of open files cannot be raised: {Reason}")]
    public static partial void LimitStays(this ILogger log, string reason);

    [LoggerMessage(37, LogLevel.Warning, "systemd is not told the state of the service: {Reason}")]
    public static partial void NoSystemd(this ILogger log, string reason);

    [LoggerMessage(38, LogLevel.Error, "A part of the process could not stop: {Reason}")]
    public static partial void ServiceNotStopped(this ILogger log, string reason, Exception fault);
}
