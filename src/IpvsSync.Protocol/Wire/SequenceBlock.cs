namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The 24 bytes of sequence data: version 1 in network order (spec §2.3), version 0 in the sender's native order (spec §1.3).
/// <code>
///   0            4        8                 12            16        20
///   in.init_seq  in.delta in.previous_delta out.init_seq  out.delta out.previous_delta
/// </code>
/// </summary>
internal static class SequenceBlock
{
    internal static SequenceData Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        return new SequenceData(
            reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
    }

    internal static SequenceData ReadLittleEndian(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        return new SequenceData(
            reader.ReadUInt32LittleEndian(), reader.ReadUInt32LittleEndian(), reader.ReadUInt32LittleEndian(),
            reader.ReadUInt32LittleEndian(), reader.ReadUInt32LittleEndian(), reader.ReadUInt32LittleEndian());
    }

    internal static void Write(scoped ref WireWriter writer, in SequenceData sequence)
    {
        writer.WriteUInt32(sequence.InInitSeq);
        writer.WriteUInt32(sequence.InDelta);
        writer.WriteUInt32(sequence.InPreviousDelta);
        writer.WriteUInt32(sequence.OutInitSeq);
        writer.WriteUInt32(sequence.OutDelta);
        writer.WriteUInt32(sequence.OutPreviousDelta);
    }

    internal static void WriteLittleEndian(scoped ref WireWriter writer, in SequenceData sequence)
    {
        writer.WriteUInt32LittleEndian(sequence.InInitSeq);
        writer.WriteUInt32LittleEndian(sequence.InDelta);
        writer.WriteUInt32LittleEndian(sequence.InPreviousDelta);
        writer.WriteUInt32LittleEndian(sequence.OutInitSeq);
        writer.WriteUInt32LittleEndian(sequence.OutDelta);
        writer.WriteUInt32LittleEndian(sequence.OutPreviousDelta);
    }
}
