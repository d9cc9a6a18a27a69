using System.Buffers.Binary;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>
/// The UDP header.
/// <code>
/// 0 source port  2 destination port  4 length, header included  6 checksum  8
/// </code>
/// </summary>
/// <param name="SourcePort">The sender's port.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="DataLength">The number of bytes that the datagram carried when it was sent.</param>
internal readonly record struct UdpHeader(ushort SourcePort, ushort DestinationPort, int DataLength)
{
    /// <summary>The header's length in bytes.</summary>
    public const int Length = 8;

    /// <summary>Parses the header; false if it is cut or its length is impossible.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpHeader header)
    {
        header = default;
        if (bytes.Length < Length) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < Length) return false;
        header = new UdpHeader(
            BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), length - Length);
        return true;
    }
}
