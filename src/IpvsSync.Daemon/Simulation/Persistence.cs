using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// Makes the key of the template of a persistent service's packet (spec §0.3, §6.1): one template per client and port, one per client if
/// the service takes all ports, one per client and mark if it has a mark (spec §2.2).
/// </summary>
internal static class Persistence
{
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;

    /// <summary>The key of the packet's template.</summary>
    public static ConnectionKey TemplateKey(VirtualServiceOptions service, in Packet packet) => new()
    {
        Family = packet.Family,
        Protocol = service.Fwmark != 0 ? IpProtocol.Ip : packet.Protocol,
        IsTemplate = true,
        Client = Mask(packet.Client, packet.Family, service.PrefixLength),
        Virtual = service.Fwmark != 0 ? MarkAddress(service.Fwmark, packet.Family) : packet.Virtual,
        VirtualPort = service.Fwmark == 0 ? service.Port : (ushort)0,
    };

    /// <summary>The real port of the template; 0 if the template covers all ports.</summary>
    public static ushort TemplatePort(VirtualServiceOptions service, RealServer server) => service.Port == 0 ? (ushort)0 : server.Port;

    private static Address MarkAddress(uint fwmark, IpFamily family)
    {
        Span<byte> bytes = stackalloc byte[Length(family)];
        bytes.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, fwmark);
        return Address.FromBytes(bytes);
    }

    private static Address Mask(Address client, IpFamily family, int? prefixLength)
    {
        if (prefixLength is not int bits)
            return client;
        Span<byte> bytes = stackalloc byte[Length(family)];
        client.CopyTo(bytes);
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (8 * i), 0, 8));
        return Address.FromBytes(bytes);
    }

    private static int Length(IpFamily family) => family == IpFamily.IPv6 ? IPv6Length : IPv4Length;
}
