using System.Globalization;

namespace IpvsSync.Protocol;

/// <summary>The IP protocols that IPVS balances (spec §6.6), by their assigned numbers.</summary>
public static class IpProtocol
{
    /// <summary>No protocol number: a firewall-mark template.</summary>
    public const byte Ip = 0;

    /// <summary>TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>UDP.</summary>
    public const byte Udp = 17;

    /// <summary>IPsec's encapsulated payload.</summary>
    public const byte Esp = 50;

    /// <summary>IPsec's authentication header.</summary>
    public const byte Ah = 51;

    /// <summary>SCTP.</summary>
    public const byte Sctp = 132;

    /// <summary>
    /// The name as <c>/proc/net/ip_vs_conn</c> prints it (spec §8.1): <c>TCP</c>, <c>IP</c> for 0, <c>IP_99</c> for a protocol without a
    /// name.
    /// </summary>
    public static string Name(byte protocol) => protocol switch
    {
        Ip => "IP",
        1 => "ICMP",
        Tcp => "TCP",
        Udp => "UDP",
        58 => "ICMPv6",
        Sctp => "SCTP",
        _ => string.Create(CultureInfo.InvariantCulture, $"IP_{protocol}"),
    };
}
