using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>Log events of the sync interface, ids 20-29 of the director's.</summary>
internal static partial class SyncLinkLog
{
    [LoggerMessage(20, LogLevel.Warning, "Sync interface {Interface} is {State}; it was {Before}.")]
    public static partial void LinkWorse(this ILogger log, string @interface, LinkSnapshot state, LinkSnapshot before);

    [LoggerMessage(24, LogLevel.Information, "Sync interface {Interface} is {State}; it was {Before}.")]
    public static partial void LinkUp(this ILogger log, string @interface, LinkSnapshot state, LinkSnapshot before);

    [LoggerMessage(21, LogLevel.Warning, "Sync interface {Interface} is {State}: peers are neither sent to nor heard until that changes.")]
    public static partial void LinkNotUp(this ILogger log, string @interface, LinkSnapshot state);

    [LoggerMessage(22, LogLevel.Warning, "The state of sync interface {Interface} cannot be read, trying again: {Reason}")]
    public static partial void LinkUnknown(this ILogger log, string @interface, string reason);

    [LoggerMessage(23, LogLevel.Warning, "No socket on sync interface {Interface} for now, trying again each second: {Reason}")]
    public static partial void LinkSocketFailed(this ILogger log, string @interface, string reason);

    [LoggerMessage(25, LogLevel.Information, "Messages to the peers have {Size} bytes at most; it was {Before}. The narrowest way has MTU {Mtu}.")]
    public static partial void MessageSizeChanged(this ILogger log, int size, int before, int mtu);
}
