using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>Log events of the feed, ids 124-129.</summary>
internal static partial class RingFeedLog
{
    [LoggerMessage(124, LogLevel.Information, "Kernel: a BPF program tells of each connection at once; the kernel's master confirms it.")]
    public static partial void FeedIsBpf(this ILogger log);

    [LoggerMessage(125, LogLevel.Information, "Kernel: the kernel's master tells of connections, and its records are pushed out; there is no BPF program ({Kind}): {Reason}")]
    public static partial void FeedIsMaster(this ILogger log, string kind, string reason);

    [LoggerMessage(126, LogLevel.Warning,
        "The BPF program has missed {Missed} record(s) of the kernel's master, and {Dropped} found no room: the master's records are pushed out from now on.")]
    public static partial void FeedMissed(this ILogger log, long missed, long dropped);
}
