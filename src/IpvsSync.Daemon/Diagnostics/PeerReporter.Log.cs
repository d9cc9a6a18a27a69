using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of peers that number their messages, ids 230-240.</summary>
internal static partial class PeerReporterLog
{
    [LoggerMessage(230, LogLevel.Warning,
        "Peer {Peer} is lost: instance {Instance} was heard for {Heard}, and has been silent for {Seconds:F0} s. Look at that director and at the sync network.")]
    public static partial void PeerLost(this ILogger log, SourceAddress peer, string instance, string heard, double seconds);

    [LoggerMessage(231, LogLevel.Information, "Peer {Peer} is heard again: instance {Instance} was silent for {Seconds:F0} s.")]
    public static partial void PeerHeardAgain(this ILogger log, SourceAddress peer, string instance, double seconds);

    [LoggerMessage(232, LogLevel.Information, "Peer {Peer} has started anew: instance {Instance} follows {Before}.")]
    public static partial void PeerFollowed(this ILogger log, SourceAddress peer, string instance, string before);

    [LoggerMessage(233, LogLevel.Information,
        "Peer {Peer} does not number its messages any more, as instance {Instance} did: what the network loses of them is not repaired.")]
    public static partial void PeerUnnumbered(this ILogger log, SourceAddress peer, string instance);

    [LoggerMessage(234, LogLevel.Warning,
        "Peer {Peer}: {Count} message(s) are missing for good ({Total} since start). It is asked to tell everything again. "
        + "If it goes on, look at the sync network and at SocketBufferSize.")]
    public static partial void MissingForGood(this ILogger log, string peer, long count, long total);

    [LoggerMessage(235, LogLevel.Warning,
        "Peers ask for {Count} message(s) that left too long ago to be told again ({Total} since start). They then ask for everything. "
        + "If it goes on, look at the sync network and at the peers' SocketBufferSize.")]
    public static partial void NotRetold(this ILogger log, long count, long total);

    [LoggerMessage(236, LogLevel.Warning, "{Count} more change(s) of peers: somebody may forge messages, or the sync network fails and comes back all the time.")]
    public static partial void MoreChanges(this ILogger log, int count);

    [LoggerMessage(237, LogLevel.Warning,
        "Peer {Peer}: {Count} of its last {Messages} message(s) were lost, and asked for. Look at the sync network and at SocketBufferSize. "
        + "If it is its full messages that never come, a link on the way has a smaller MTU: set MaxMessageSize on that director.")]
    public static partial void ManyLost(this ILogger log, string peer, long count, long messages);

    [LoggerMessage(238, LogLevel.Warning,
        "Peer {Peer} is not heard on {Link} for {Seconds:F1} s, but on another link. Nothing is lost as long as that one works; look at both ends of this one.")]
    public static partial void LinkSilent(this ILogger log, SourceAddress peer, string link, double seconds);

    [LoggerMessage(240, LogLevel.Warning,
        "The kernel of peer {Peer} takes {Theirs} connections (conn_max; 0: any number), this director's {Ours}. "
        + "What one of them has may find no room in the other: give both the same limit.")]
    public static partial void LimitsDiffer(this ILogger log, SourceAddress peer, long theirs, long ours);

    [LoggerMessage(239, LogLevel.Information, "Peer {Peer} is heard on {Link} again, after {Seconds:F0} s.")]
    public static partial void LinkHeardAgain(this ILogger log, SourceAddress peer, string link, double seconds);
}
