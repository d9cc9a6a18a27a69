using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Log events of the pusher, ids 120-129.</summary>
internal static partial class PusherLog
{
    [LoggerMessage(120, LogLevel.Warning, "The kernel's last record cannot be pushed out; at low rates it reaches the peers up to 3 s late. {Reason}")]
    public static partial void CannotPush(this ILogger log, string reason);

    [LoggerMessage(121, LogLevel.Warning, "Pushed records do not come back from the kernel; making the private service and interface anew.")]
    public static partial void PushesLost(this ILogger log);

    [LoggerMessage(122, LogLevel.Information, "Pushed records come back again.")]
    public static partial void PushesComeBack(this ILogger log);

    [LoggerMessage(123, LogLevel.Warning, "The private service and interface cannot be made: {Reason}")]
    public static partial void CannotMend(this ILogger log, string reason);
}
