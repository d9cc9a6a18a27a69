using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Linux.Datagrams;

/// <summary>A multicast group as seen from one interface.</summary>
public sealed record MulticastEndpoint
{
    /// <summary>The interface that the group is joined on and sent from.</summary>
    public required string Interface { get; init; }

    /// <summary>The group, IPv4 or IPv6.</summary>
    public required IPAddress Group { get; init; }

    /// <summary>The UDP port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>TTL or hop limit of what is sent, 0 to 255; 1 stays on the link, 0 on the host.</summary>
    public int Ttl { get; init; } = 1;

    internal bool IsV6 => Group.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>As an operator writes it: <c>224.0.0.81:8848 on eth0</c>.</summary>
    public override string ToString() => $"{new IPEndPoint(Group, Port)} on {Interface}";

    /// <summary>Refuses what no socket could be opened for.</summary>
    /// <exception cref="ArgumentException">Not a group, or a number out of range.</exception>
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
