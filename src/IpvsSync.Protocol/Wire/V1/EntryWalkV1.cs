using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Finds the end of the entries of a version 1 message by their lengths alone; their content is not read (spec §2.2, §2.4).</summary>
internal static class EntryWalkV1
{
    /// <returns>
    /// The end of the last entry, without padding, in bytes from the start of the message; it can lie beyond the message's end. -1 if an
    /// entry has an impossible length or there are fewer than <paramref name="count"/>.
    /// </returns>
    internal static int End(ReadOnlySpan<byte> message, int count)
    {
        int next = MessageHeader.LengthV1;
        int end = next;
        int length = 0;
        for (; count > 0; count--)
        {
            if (message.Length - next < EntryV1.FixedLengthIPv4) return -1;
            int announced = BinaryPrimitives.ReadUInt16BigEndian(message[(next + EntryV1.LengthOffset)..]);

            // Most entries are as long as the one before: with a branch, the processor need not wait for this length to find the next.
            if (announced != length)
            {
                if (announced is < EntryV1.FixedLengthIPv4 or > EntryV1.LengthMask) return -1;
                length = announced;
            }

            end = next + length;
            next += EntryV1.Align(length);
        }

        return end;
    }
}
