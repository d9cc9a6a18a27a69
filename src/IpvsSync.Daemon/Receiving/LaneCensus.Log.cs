using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Receiving;

/// <summary>Log events of lanes that do not match, ids 210-219.</summary>
internal static partial class LaneCensusLog
{
    [LoggerMessage(210, LogLevel.Warning,
        "Peers send on {Heard} of our {Lanes} ports only ({Ports}): one with fewer SyncPorts does not hear what we send on the others. Set the same SyncPorts (sync_ports) on all directors.")]
    public static partial void PeerHasFewerLanes(this ILogger log, int heard, int lanes, string ports);

    [LoggerMessage(211, LogLevel.Warning,
        "A peer sends to port {Port}, behind our last lane ({Count} message(s)): we miss its connections there. SyncPorts is {Lanes} here; set the same on all directors.")]
    public static partial void PeerHasMoreLanes(this ILogger log, long count, int port, int lanes);
}
