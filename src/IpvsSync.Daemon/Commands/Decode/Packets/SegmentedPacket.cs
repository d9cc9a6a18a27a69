using System.Buffers.Binary;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>
/// A packet that was captured before the kernel split it into segments (UDP segmentation offload): several messages of one length in
/// sequence, of which only the last may be shorter. The receivers get them as separate datagrams.
/// </summary>
internal static class SegmentedPacket
{
    private const int SizeOffset = 2;
    private const int ShortestMessage = 4;

    /// <summary>
    /// The length of the segments in <paramref name="payload"/>: that of its first message if this length splits the payload into messages
    /// whose size fields are all correct, otherwise the whole length.
    /// </summary>
    public static int SegmentLength(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < ShortestMessage)
            return payload.Length;
        int length = SizeOf(payload);
        if (length < ShortestMessage || length >= payload.Length)
            return payload.Length;
        for (int start = length; start < payload.Length; start += length)
        {
            ReadOnlySpan<byte> segment = payload[start..Math.Min(start + length, payload.Length)];
            if (segment.Length < ShortestMessage || SizeOf(segment) != segment.Length)
                return payload.Length;
        }

        return length;
    }

    private static int SizeOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[SizeOffset..]);
}
