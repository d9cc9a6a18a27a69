using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Linux.Datagrams;

/// <summary>A host that is reached through one interface, and a port of it.</summary>
public sealed record UnicastEndpoint
{
    /// <summary>The interface from which datagrams are sent.</summary>
    public required string Interface { get; init; }

    /// <summary>The host's address, IPv4 or IPv6.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The UDP port, 1 to 65535.</summary>
    public required int Port { get; init; }

    internal bool IsV6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The text that an operator writes: <c>10.0.0.2:8848 on eth0</c>.</summary>
    public override string ToString() => $"{new IPEndPoint(Address, Port)} on {Interface}";

    /// <summary>Checks that a socket could be opened for these values.</summary>
    /// <exception cref="ArgumentException">The address is no host's, or the port is out of range.</exception>
    internal void Validate()
    {
        if (Address.IsIPv6Multicast || (!IsV6 && Address.GetAddressBytes()[0] >= 0xE0) || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any))
            throw new ArgumentException($"{Address} is not the address of a host.");
        if (Port is < 1 or > ushort.MaxValue)
            throw new ArgumentException($"Port {Port} is not between 1 and {ushort.MaxValue}.");
    }
}
