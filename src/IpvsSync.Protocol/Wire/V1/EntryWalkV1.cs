using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Finds the end of the entries of a version 1 message by their lengths alone; their content is not read (spec §2.2, §2.4).</summary>
internal static class EntryWalkV1
{
    /// <returns>
    /// The end of the last entry, without padding, in bytes from the start of the message; it can lie beyond the message's end. -1 if an
    /// entry has an impossible length or the message has no place for the length of each of <paramref name="count"/> entries.
    /// </returns>
    internal static int End(ReadOnlySpan<byte> message, int count)
    {
        // Entries start at multiples of four, so their lengths are elements of this view.
        ReadOnlySpan<ushort> words = MemoryMarshal.Cast<byte, ushort>(message);
        int place = (MessageHeader.LengthV1 + EntryV1.LengthOffset) / sizeof(ushort);
        int raw = -1; // no length yet
        int length = 0;
        int stride = 0;
        for (; count > 0; count--)
        {
            if ((uint)place >= (uint)words.Length) return -1;

            // Most entries are as long as the one before: with a branch, the processor need not wait for this length to find the next.
            if (words[place] != raw)
            {
                raw = words[place];
                length = Length((ushort)raw);
                if (length is < EntryV1.FixedLengthIPv4 or > EntryV1.LengthMask) return -1;
                stride = EntryV1.Align(length) / sizeof(ushort);
            }

            place += stride;
        }

        int lastStart = ((place - stride) * sizeof(ushort)) - EntryV1.LengthOffset;
        return lastStart + length;
    }

    private static int Length(ushort raw) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(raw) : raw;
}
