using System.Buffers.Binary;
using System.Numerics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Packets;

/// <summary>The source or destination of a packet.</summary>
internal readonly record struct Endpoint(IpFamily Family, Address Address, ushort Port);

/// <summary>Builds complete packets without payload, with correct checksums: IPVS examines nothing beyond the flags or the chunk.</summary>
internal static class RawPacket
{
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int TcpHeader = 20;
    private const int UdpHeader = 8;
    private const int SctpHeader = 12;
    private const int ChunkHeader = 4;
    private const int ChunkBody = 16; // INIT has the longest fixed part
    private const byte TimeToLive = 64;

    // RFC 9260, in the order of the SctpChunk names.
    private static ReadOnlySpan<byte> ChunkTypes => [0, 1, 2, 10, 11, 7, 8, 14, 9, 6];

    public static byte[] Tcp(Endpoint from, Endpoint to, TcpFlags flags)
    {
        byte[] packet = Start(IpProtocol.Tcp, from, to, TcpHeader);
        Span<byte> tcp = Payload(packet);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], 1);
        tcp[12] = TcpHeader / 4 << 4;
        tcp[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 1024);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(tcp, PseudoHeader(packet)));
        return packet;
    }

    public static byte[] Udp(Endpoint from, Endpoint to)
    {
        byte[] packet = Start(IpProtocol.Udp, from, to, UdpHeader);
        Span<byte> udp = Payload(packet);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], UdpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], Checksum(udp, PseudoHeader(packet)));
        return packet;
    }

    /// <summary>One chunk with a correct header and zeros after it.</summary>
    public static byte[] Sctp(Endpoint from, Endpoint to, SctpChunk chunk)
    {
        byte[] packet = Start(IpProtocol.Sctp, from, to, SctpHeader + ChunkHeader + ChunkBody);
        Span<byte> sctp = Payload(packet);
        BinaryPrimitives.WriteUInt32BigEndian(sctp[4..], 1);
        sctp[SctpHeader] = ChunkTypes[(int)chunk];
        BinaryPrimitives.WriteUInt16BigEndian(sctp[(SctpHeader + 2)..], ChunkHeader + ChunkBody);
        BinaryPrimitives.WriteUInt32LittleEndian(sctp[8..], Crc32C(sctp));
        return packet;
    }

    private static byte[] Start(byte protocol, Endpoint from, Endpoint to, int length)
    {
        bool isIPv6 = from.Family == IpFamily.IPv6;
        byte[] packet = new byte[(isIPv6 ? IPv6Header : IPv4Header) + length];
        if (isIPv6) WriteIPv6(packet, protocol, from, to);
        else WriteIPv4(packet, protocol, from, to);
        BinaryPrimitives.WriteUInt16BigEndian(Payload(packet), from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(Payload(packet)[2..], to.Port);
        return packet;
    }

    private static void WriteIPv4(Span<byte> packet, byte protocol, Endpoint from, Endpoint to)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[6] = 0x40; // do not fragment
        packet[8] = TimeToLive;
        packet[9] = protocol;
        from.Address.CopyTo(packet[12..16]);
        to.Address.CopyTo(packet[16..20]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum(packet[..IPv4Header], 0));
    }

    private static void WriteIPv6(Span<byte> packet, byte protocol, Endpoint from, Endpoint to)
    {
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IPv6Header));
        packet[6] = protocol;
        packet[7] = TimeToLive;
        from.Address.CopyTo(packet[8..24]);
        to.Address.CopyTo(packet[24..40]);
    }

    private static bool IsIPv6(ReadOnlySpan<byte> packet) => packet[0] == 0x60;

    private static Span<byte> Payload(Span<byte> packet) => packet[(IsIPv6(packet) ? IPv6Header : IPv4Header)..];

    // Addresses, protocol and length: the sum is the same in either layout.
    private static uint PseudoHeader(Span<byte> packet)
    {
        uint sum = IsIPv6(packet) ? Sum(packet[8..IPv6Header]) + packet[6] : Sum(packet[12..IPv4Header]) + packet[9];
        return sum + (uint)Payload(packet).Length;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes, uint start)
    {
        uint sum = start + Sum(bytes);
        while (sum > ushort.MaxValue) sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return sum;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes) sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }
}
