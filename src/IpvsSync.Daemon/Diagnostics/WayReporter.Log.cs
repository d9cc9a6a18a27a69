using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>Log events of the ways to the peers, ids 26-29 of the director's.</summary>
internal static partial class WayReporterLog
{
    [LoggerMessage(26, LogLevel.Warning,
        "Peer {Peer} does not hear messages of {Wanted} bytes on {Link}: they have {Size} from now on, which fits an MTU of {Mtu}. Nobody reports the narrow link: look for it.")]
    public static partial void WayIsNarrow(this ILogger log, SourceAddress peer, int wanted, string link, int size, int mtu);

    [LoggerMessage(27, LogLevel.Information, "Peer {Peer} hears messages of full size on {Link} again; they have {Size} bytes.")]
    public static partial void WayIsWide(this ILogger log, SourceAddress peer, string link, int size);
}
