using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Finds datagrams that may leave as the segments of one message (UDP_SEGMENT): neighbours of one length, of which the last may be
/// shorter. The kernel cuts such a message every so many bytes, so only the last datagram may differ.
/// </summary>
internal static class SegmentRuns
{
    /// <summary>How many datagrams from the first on leave together: at least 1, not more than <see cref="LinuxUdp.UDP_MAX_SEGMENTS"/>.</summary>
    internal static int LengthOfFirst(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int size = datagrams[0].Length;
        int total = size;
        int most = Math.Min(datagrams.Length, LinuxUdp.UDP_MAX_SEGMENTS);
        for (int count = 1; count < most; count++)
        {
            int length = datagrams[count].Length;
            total += length;

            // One without bytes would vanish between its neighbours.
            if (length == 0 || length > size || total > DatagramBuffer.MaxPayload)
                return count;
            if (length < size)
                return count + 1;
        }

        return most;
    }
}
