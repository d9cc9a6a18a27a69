using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Finds datagrams that can be sent as the segments of one message (UDP_SEGMENT): consecutive datagrams of one length, of which the last
/// may be shorter. The kernel splits such a message at multiples of the segment size, so only the last datagram may differ.
/// </summary>
internal static class SegmentRuns
{
    /// <summary>
    /// The number of datagrams, counted from the first, that can be sent together: from 1 to <see cref="LinuxUdp.UDP_MAX_SEGMENTS"/>.
    /// </summary>
    internal static int LengthOfFirst(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int size = datagrams[0].Length;
        int total = size;
        int most = Math.Min(datagrams.Length, LinuxUdp.UDP_MAX_SEGMENTS);
        for (int count = 1; count < most; count++)
        {
            int length = datagrams[count].Length;
            total += length;

            // An empty datagram would disappear between its neighbours.
            if (length == 0 || length > size || total > DatagramBuffer.MaxPayload)
                return count;
            if (length < size)
                return count + 1;
        }

        return most;
    }
}
