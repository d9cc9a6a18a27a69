namespace IpvsSync.Protocol.Wire.V1;

/// <summary>
/// Finds the options of an entry (spec §2.3) with checks F to H of spec §2.5. Options follow each other without padding.
/// <code>
///   0                                      1          2 .. 2+L
///   type: bit 0x40 ignorable, rest number  length L   data
/// </code>
/// 1 SEQ_DATA (L = 24), 2 PE_DATA (1..255), 3 PE_NAME (1..16).
/// </summary>
internal static class OptionsReaderV1
{
    /// <param name="bytes">The message up to the entry's end.</param>
    /// <param name="position">The start of the first option.</param>
    /// <param name="marks">Receives the offsets of the options' data.</param>
    internal static Refusal Read(ReadOnlySpan<byte> bytes, int position, ref EntryMarks marks)
    {
        while (position < bytes.Length)
        {
            if (bytes.Length - position < EntryV1.OptionHeaderLength) return Refusal.OptionTruncated;
            byte type = bytes[position];
            int length = bytes[position + 1];
            position += EntryV1.OptionHeaderLength;
            if (length == 0) return Refusal.OptionEmpty;
            if (length > bytes.Length - position) return Refusal.OptionBeyondEntry;
            Refusal refusal = Mark(type, position, length, ref marks);
            if (refusal != Refusal.None) return refusal;
            position += length;
        }

        return Refusal.None;
    }

    private static Refusal Mark(byte type, int position, int length, ref EntryMarks marks)
    {
        switch (type & ~EntryV1.OptionIgnorable)
        {
            case EntryV1.OptionSequence:
                return length != SequenceData.WireLength
                    ? Refusal.SequenceLengthWrong
                    : MarkOnce(ref marks.Sequence, position, Refusal.SequenceTwice);
            case EntryV1.OptionPersistenceData:
                return MarkOnce(ref marks.PersistenceData, position, Refusal.PersistenceDataTwice);
            case EntryV1.OptionPersistenceName:
                return length > PersistenceData.MaxEngineLength
                    ? Refusal.PersistenceNameTooLong
                    : MarkOnce(ref marks.PersistenceName, position, Refusal.PersistenceNameTwice);
            default:
                return (type & EntryV1.OptionIgnorable) != 0 ? Refusal.None : Refusal.UnknownMandatoryOption;
        }
    }

    private static Refusal MarkOnce(ref int mark, int position, Refusal second)
    {
        if (mark != 0) return second;
        mark = position;
        return Refusal.None;
    }
}
