namespace IpvsSync.Protocol.Wire.V0;

/// <summary>Finds the end of the entries of a version 0 message by their flags alone; nothing else is read (spec §1.3).</summary>
internal static class EntryWalkV0
{
    // Both flags are in the first of the two bytes on the wire.
    private const int SequenceBits = (int)ConnectionFlags.IP_VS_CONN_F_SEQ_MASK >> 8;

    /// <returns>
    /// The end of the last entry in bytes from the start of the message; it can lie beyond the message's end. -1 if the message has no place
    /// for the flags of each of <paramref name="count"/> entries.
    /// </returns>
    internal static int End(ReadOnlySpan<byte> message, int count)
    {
        int flags = MessageHeader.LengthV0 + EntryV0.FlagsOffset;
        for (; count > 0; count--)
        {
            if ((uint)flags >= (uint)message.Length) return -1;
            bool hasSequence = (message[flags] & SequenceBits) != 0;
            flags += EntryV0.SimpleLength;
            if (hasSequence) flags += SequenceData.WireLength;
        }

        return flags - EntryV0.FlagsOffset;
    }
}
