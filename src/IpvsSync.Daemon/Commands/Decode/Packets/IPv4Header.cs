using System.Buffers.Binary;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>
/// The IPv4 header.
/// <code>
/// 0 version and length in words  2 total length  4 identification  6 flags and fragment offset / 8  9 protocol
/// 12 source  16 destination  20 options
/// </code>
/// </summary>
internal static class IPv4Header
{
    private const int MinLength = 20;
    private const int MoreFragments = 0x2000;
    private const int OffsetMask = 0x1FFF;
    private const int OffsetUnit = 8;

    /// <summary>Parses the header; false if it is cut or its lengths are impossible.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < MinLength) return false;
        int headerLength = (bytes[0] & 0x0F) * sizeof(uint);
        // With segmentation offload, a capture on the sending machine has a length of 0.
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        int end = totalLength == 0 ? bytes.Length : Math.Min(totalLength, bytes.Length);
        if (headerLength < MinLength || headerLength > end) return false;
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        packet = new IpPacket
        {
            Family = IpFamily.IPv4,
            Source = Address.FromBytes(bytes.Slice(12, 4)),
            Destination = Address.FromBytes(bytes.Slice(16, 4)),
            Protocol = bytes[9],
            Payload = bytes[headerLength..end],
            FragmentOffset = (fragment & OffsetMask) * OffsetUnit,
            MoreFragments = (fragment & MoreFragments) != 0,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
        };
        return true;
    }
}
