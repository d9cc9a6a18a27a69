using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Linux.Datagrams;

/// <summary>A multicast group on one interface.</summary>
public sealed record MulticastEndpoint
{
    /// <summary>The interface on which the group is joined and from which datagrams are sent.</summary>
    public required string Interface { get; init; }

    /// <summary>The group, IPv4 or IPv6.</summary>
    public required IPAddress Group { get; init; }

    /// <summary>The UDP port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>TTL or hop limit of sent datagrams, 0 to 255; 1 stays on the link, 0 on the host.</summary>
    public int Ttl { get; init; } = 1;

    internal bool IsV6 => Group.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The text that an operator writes: <c>224.0.0.81:8848 on eth0</c>.</summary>
    public override string ToString() => $"{new IPEndPoint(Group, Port)} on {Interface}";

    /// <summary>Checks that a socket could be opened for these values.</summary>
    /// <exception cref="ArgumentException">The address is not a multicast group, or a number is out of range.</exception>
    internal void Validate()
    {
        if (!IsMulticast(Group))
            throw new ArgumentException($"{Group} is not a multicast group.");
        if (Port is < 1 or > ushort.MaxValue)
            throw new ArgumentException($"Port {Port} is not between 1 and {ushort.MaxValue}.");
        if (Ttl is < 0 or > byte.MaxValue)
            throw new ArgumentException($"TTL {Ttl} is not between 0 and {byte.MaxValue}.");
    }

    private static bool IsMulticast(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length)
            && (length == 16 ? address.IsIPv6Multicast : (bytes[0] & 0xF0) == 0xE0);
    }
}
