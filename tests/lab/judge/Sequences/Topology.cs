using System.Net;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>
/// The addresses of a director with one interface, behind which are clients and real servers: 10.0.0.0/8 and 2001:db8::/32.
/// </summary>
internal static class Topology
{
    public const ushort FirstClientPort = 20000;

    /// <summary>The prefix length of the IPv4 network.</summary>
    public const int PrefixLength = 8;

    /// <summary>The interface's IPv6 address with its prefix length.</summary>
    public const string InterfaceIPv6 = "2001:db8::1/32";

    /// <summary>The virtual address, which is also the interface's own.</summary>
    public static Address Virtual(IpFamily family) => Of(family, "10.0.0.1", "2001:db8::1", 0);

    /// <summary>Real servers, from 10.0.0.11 and 2001:db8::11 upwards.</summary>
    public static Address RealServer(IpFamily family, int number) => Of(family, "10.0.0.11", "2001:db8::11", number);

    /// <summary>Clients, 256 per network: from 10.1.0.0/24 and 2001:db8:0:100::/64 upwards.</summary>
    public static Address Client(IpFamily family, int number) => Of(
        family, $"10.1.{number >> 8}.0", $"2001:db8:0:1{number >> 8:x2}::", number & byte.MaxValue);

    public static IPAddress ToIPAddress(this Address address, IpFamily family) => IPAddress.Parse(address.ToString(family));

    private static Address Of(IpFamily family, string ipv4, string ipv6, int number)
    {
        byte[] bytes = IPAddress.Parse(family == IpFamily.IPv6 ? ipv6 : ipv4).GetAddressBytes();
        bytes[^1] += (byte)number;
        return Address.FromBytes(bytes);
    }
}
