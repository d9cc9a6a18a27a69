using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>The identity of a virtual service (spec §7.3): its firewall mark, or protocol, address and port.</summary>
/// <param name="Family">The family of its addresses.</param>
/// <param name="Fwmark">The mark; 0 for a service that has an address.</param>
/// <param name="Protocol">The IP protocol; 0 with a mark.</param>
/// <param name="Address">The address; 0 with a mark.</param>
/// <param name="Port">The port, host order; 0 for all ports, and with a mark.</param>
internal readonly record struct ServiceName(IpFamily Family, uint Fwmark, byte Protocol, Address Address, ushort Port)
{
    /// <summary>The name of <paramref name="service"/>.</summary>
    public static ServiceName Of(IpvsService service)
    {
        IpFamily family = service.Family == AddressFamily.InterNetworkV6 ? IpFamily.IPv6 : IpFamily.IPv4;
        return service.FirewallMark != 0
            ? new ServiceName(family, service.FirewallMark, 0, default, 0)
            : new ServiceName(family, 0, (byte)service.Protocol, Address.From(service.Address ?? IPAddress.Any), service.Port);
    }

    /// <summary>
    /// The service that a template names in its key: a mark in the place of the address (spec §2.2), or the address itself.
    /// </summary>
    public static ServiceName OfTemplate(in ConnectionKey key) => key.Protocol == IpProtocol.Ip
        ? new ServiceName(key.Family, key.Family == IpFamily.IPv6 ? (uint)(key.Virtual.High >> 32) : (uint)key.Virtual.Low, 0, default, 0)
        : new ServiceName(key.Family, 0, key.Protocol, key.Virtual, key.VirtualPort);

    /// <summary>The text as <c>ipvsadm</c> prints it: <c>TCP 203.0.113.10:80</c>, <c>FWM 7</c>, <c>FWM 7 IPv6</c>.</summary>
    public override string ToString()
    {
        if (Fwmark != 0)
            return Family == IpFamily.IPv6 ? $"FWM {Fwmark} IPv6" : $"FWM {Fwmark}";
        return $"{IpProtocol.Name(Protocol)} {EndpointText.Of(Family, Address, Port)}";
    }
}
