using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>
/// Reads one entry of version 1 (spec §2.2), in the order of checks of spec §2.5.
/// <code>
///   0     1         2         4      8      10     12     14     16      20       24 .. 36 or 72             .. length
///   type  protocol  ver_size  flags  state  cport  vport  dport  fwmark  timeout  caddr, vaddr, daddr  options  [pad to 4]
/// </code>
/// ver_size: 4 bits version, 0; 12 bits length, options included, padding not.
/// </summary>
internal static class EntryReaderV1
{
    private const int LengthOffset = 2;

    internal static Refusal Read(
        ReadOnlySpan<byte> message, int start, ReaderOptions options, ref EntryMarks marks, out ConnectionEntry entry)
    {
        Refusal refusal = Frame(message, start, ref marks, out int fixedLength);
        if (refusal == Refusal.None && start + fixedLength < marks.End)
            refusal = OptionsReaderV1.Read(message[..marks.End], start + fixedLength, ref marks);
        if (refusal != Refusal.None)
        {
            entry = default;
            return refusal;
        }

        return ReadBody(message, start, fixedLength, options.Profile, ref marks, out entry);
    }

    // Checks A to E.
    private static Refusal Frame(ReadOnlySpan<byte> message, int start, ref EntryMarks marks, out int fixedLength)
    {
        fixedLength = 0;
        marks.WireFlags = 0;
        marks.Sequence = marks.PersistenceData = marks.PersistenceName = 0;
        if (message.Length - start < EntryV1.FixedLengthIPv4) return Refusal.EntryTruncated;
        ReadOnlySpan<byte> head = message.Slice(start, EntryV1.FixedLengthIPv4);
        int versionAndLength = BinaryPrimitives.ReadUInt16BigEndian(head[LengthOffset..]);
        int length = versionAndLength & EntryV1.LengthMask;
        if (length > message.Length - start) return Refusal.EntryBeyondMessage;
        if (versionAndLength != length) return Refusal.UnknownEntryVersion;
        byte type = head[0];
        if ((type & EntryV1.TypeIPv6) != 0) fixedLength = EntryV1.FixedLengthIPv6;
        else if (type == EntryV1.TypeIPv4) fixedLength = EntryV1.FixedLengthIPv4;
        else return Refusal.UnknownEntryType;
        marks.End = start + length;
        marks.Next = start + EntryV1.Align(length);
        return fixedLength > length ? Refusal.EntryLengthTooSmall : Refusal.None;
    }

    // Checks I to K.
    private static Refusal ReadBody(
        ReadOnlySpan<byte> message, int start, int fixedLength, ReaderProfile profile, ref EntryMarks marks, out ConnectionEntry entry)
    {
        var reader = new WireReader(message.Slice(start, fixedLength));
        reader.Skip(1);
        byte protocol = reader.ReadByte();
        reader.Skip(sizeof(ushort));
        var flags = (ConnectionFlags)reader.ReadUInt32();
        ushort state = reader.ReadUInt16();
        ushort clientPort = reader.ReadUInt16();
        ushort virtualPort = reader.ReadUInt16();
        ushort realPort = reader.ReadUInt16();
        uint fwmark = reader.ReadUInt32();
        uint timeout = reader.ReadUInt32();
        bool wide = fixedLength == EntryV1.FixedLengthIPv6;
        Address client = wide ? reader.ReadIPv6() : reader.ReadIPv4();
        Address @virtual = wide ? reader.ReadIPv6() : reader.ReadIPv4();
        Address real = wide ? reader.ReadIPv6() : reader.ReadIPv4();

        bool isTemplate = (flags & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0;
        marks.WireFlags = flags;
        entry = new ConnectionEntry
        {
            Key = new ConnectionKey(
                wide ? IpFamily.IPv6 : IpFamily.IPv4, protocol, isTemplate, client, clientPort, @virtual, virtualPort),
            Real = real,
            RealPort = realPort,
            Flags = flags & ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_MASK,
            State = state,
            Fwmark = fwmark,
            Timeout = timeout,
            HasSequence = marks.Sequence != 0,
            Sequence = marks.Sequence == 0 ? default : SequenceBlock.Read(message.Slice(marks.Sequence, SequenceData.WireLength)),
        };
        Refusal refusal = EntryRules.Check(flags, protocol, state, profile);
        return refusal == Refusal.None && marks.PersistenceData != 0 && marks.PersistenceName == 0
            ? Refusal.PersistenceDataWithoutName
            : refusal;
    }
}
