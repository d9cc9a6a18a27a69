using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V0;

/// <summary>Finds the end of the entries of a version 0 message by their flags alone; nothing else is read (spec §1.3).</summary>
internal static class EntryWalkV0
{
    /// <returns>
    /// The end of the last entry in bytes from the start of the message; it can lie beyond the message's end. -1 if there are fewer than
    /// <paramref name="count"/> entries.
    /// </returns>
    internal static int End(ReadOnlySpan<byte> message, int count)
    {
        int next = MessageHeader.LengthV0;
        for (; count > 0; count--)
        {
            if (message.Length - next < EntryV0.SimpleLength) return -1;
            var flags = (ConnectionFlags)BinaryPrimitives.ReadUInt16BigEndian(message[(next + EntryV0.FlagsOffset)..]);
            next += EntryV0.SimpleLength;
            if ((flags & ConnectionFlags.IP_VS_CONN_F_SEQ_MASK) != 0) next += SequenceData.WireLength;
        }

        return next;
    }
}
