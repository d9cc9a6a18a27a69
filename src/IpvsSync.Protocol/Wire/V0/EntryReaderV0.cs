using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V0;

/// <summary>
/// Reads one entry of version 0 (spec §1.2, §1.3, procedure §1.6).
/// <code>
///   0    1         2      4      6      8      12     16     20     22     24
///   0    protocol  cport  vport  dport  caddr  vaddr  daddr  flags  state  [sequence data, 24 bytes, iff flags have 0x0600]
/// </code>
/// </summary>
internal static class EntryReaderV0
{
    internal static Refusal Read(
        ReadOnlySpan<byte> message, int start, ReaderOptions options, ref EntryMarks marks, out ConnectionEntry entry)
    {
        Refusal refusal = Frame(message, start, ref marks);
        if (refusal != Refusal.None)
        {
            entry = default;
            return refusal;
        }

        return ReadBody(message, start, options, in marks, out entry);
    }

    // The flags as sent, before any mask, determine the length.
    private static Refusal Frame(ReadOnlySpan<byte> message, int start, ref EntryMarks marks)
    {
        marks.Sequence = 0;
        marks.WireFlags = 0;
        if (message.Length - start < EntryV0.SimpleLength) return Refusal.V0EntryTruncated;
        marks.WireFlags = (ConnectionFlags)BinaryPrimitives.ReadUInt16BigEndian(message[(start + EntryV0.FlagsOffset)..]);
        marks.End = start + EntryV0.SimpleLength;
        if ((marks.WireFlags & ConnectionFlags.IP_VS_CONN_F_SEQ_MASK) != 0)
        {
            marks.Sequence = marks.End;
            marks.End = start + EntryV0.FullLength;
        }

        marks.Next = marks.End;
        return marks.End > message.Length ? Refusal.V0SequenceTruncated : Refusal.None;
    }

    private static Refusal ReadBody(
        ReadOnlySpan<byte> message, int start, ReaderOptions options, in EntryMarks marks, out ConnectionEntry entry)
    {
        var reader = new WireReader(message.Slice(start, EntryV0.SimpleLength));
        reader.Skip(1);
        byte protocol = reader.ReadByte();
        ushort clientPort = reader.ReadUInt16();
        ushort virtualPort = reader.ReadUInt16();
        ushort realPort = reader.ReadUInt16();
        Address client = reader.ReadIPv4();
        Address @virtual = reader.ReadIPv4();
        Address real = reader.ReadIPv4();
        reader.Skip(sizeof(ushort));
        ushort state = reader.ReadUInt16();

        bool isTemplate = (marks.WireFlags & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0;
        entry = new ConnectionEntry
        {
            Key = new ConnectionKey(IpFamily.IPv4, protocol, isTemplate, client, clientPort, @virtual, virtualPort),
            Real = real,
            RealPort = realPort,
            Flags = marks.WireFlags & KeptFlags(options.Profile),
            State = state,
            HasSequence = marks.Sequence != 0,
            Sequence = Sequence(message, marks.Sequence, options.V0SequenceBigEndian),
        };
        return EntryRules.Check(marks.WireFlags, protocol, state, options.Profile);
    }

    private static ConnectionFlags KeptFlags(ReaderProfile profile) => profile == ReaderProfile.Hardened2026
        ? ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_MASK
        : ~(ConnectionFlags.IP_VS_CONN_F_SYNC | ConnectionFlags.IP_VS_CONN_F_HASHED);

    private static SequenceData Sequence(ReadOnlySpan<byte> message, int mark, bool bigEndian)
    {
        if (mark == 0) return default;
        ReadOnlySpan<byte> block = message.Slice(mark, SequenceData.WireLength);
        return bigEndian ? SequenceBlock.Read(block) : SequenceBlock.ReadLittleEndian(block);
    }
}
