using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Daemon.Options;

/// <summary>What a valid configuration says and cannot have: a sentence for each. The daemon starts all the same.</summary>
internal static class OptionWarnings
{
    /// <summary>Bytes of a message of version 1 with one IPv4 entry, and the room behind it.</summary>
    private const int LeastMessage = 8 + 36 + FlowConstants.TrailerRoom;

    /// <summary>Seconds for which the kernel keeps an idle UDP connection by default (spec §8.6): the shortest life of a connection that lasts.</summary>
    private const int ShortestLife = 300;

    /// <summary>The sentences, each with its key first; none if all is well.</summary>
    public static IEnumerable<string> Of(SyncOptions options)
    {
        if (options is { Ttl: > 1, Group: { } group } && StaysOnLink(group))
        {
            yield return $"IpvsSync:Ttl: no router forwards the link-local group {group}, whatever the Ttl {options.Ttl} says; to reach a "
                + "peer behind a router, take a group outside 224.0.0.0/24 and ff02::/16, such as 239.1.1.81";
        }

        if (options.Extensions && options.MaxMessageSize is > 0 and < LeastMessage)
        {
            yield return $"IpvsSync:MaxMessageSize: with Extensions, {FlowConstants.TrailerRoom} of its {options.MaxMessageSize} bytes are kept free, and no "
                + $"entry fits the rest: each message has one entry and is larger; set at least {LeastMessage}, or Extensions to false";
        }

        if (options.IdleRefreshPeriod > ShortestLife / 2)
        {
            yield return $"IpvsSync:IdleRefreshPeriod: an idle UDP connection lives {ShortestLife} s by default: with {options.IdleRefreshPeriod} s, many "
                + $"end before a receiver that comes late hears of them; set at most {ShortestLife / 2}, or 0";
        }
    }

    /// <summary>
    /// Whether a group is of the link (RFC 5771: 224.0.0.0/24) or even of the interface (RFC 4291: scope 1 or 2, with any flags).
    /// </summary>
    private static bool StaysOnLink(IPAddress group)
    {
        byte[] bytes = group.GetAddressBytes();
        return group.AddressFamily == AddressFamily.InterNetwork ? bytes is [224, 0, 0, _] : (bytes[1] & 0xF) <= 2;
    }
}
