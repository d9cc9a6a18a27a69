using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of signed messages, ids 250-259.</summary>
internal static partial class AuthenticationReporterLog
{
    [LoggerMessage(250, LogLevel.Warning,
        "Peer {Peer}: refused {Outcomes}. Keys here: {Keys}. Compare the fingerprints of ipvs-syncd status on all directors; "
        + "if they are equal, somebody else speaks on the sync network.")]
    public static partial void MessagesRefused(this ILogger log, string peer, string outcomes, string keys);

    [LoggerMessage(251, LogLevel.Warning, "Messages of {Count} more peer(s) were refused by their signatures: somebody forges addresses.")]
    public static partial void MorePeersRefused(this ILogger log, int count);

    [LoggerMessage(252, LogLevel.Warning,
        "Peer {Peer} does not sign: {What}. With Authentication:Mode Require nothing of it is taken, and it misses nothing of ours. "
        + "Set Mode to Sign as long as it is to be believed.")]
    public static partial void PeerDoesNotSign(this ILogger log, string peer, string what);

    [LoggerMessage(253, LogLevel.Information, "Messages are signed with key {Key}; accepted are {Keys}; Authentication:Mode is {Mode}.")]
    public static partial void Signing(this ILogger log, byte key, string keys, string mode);

    [LoggerMessage(254, LogLevel.Information, "Messages are not signed any more, and all are believed: Authentication:Mode is Off.")]
    public static partial void NotSigning(this ILogger log);
}
