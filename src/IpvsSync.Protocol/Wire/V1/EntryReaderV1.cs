using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        int versionAndLength = BinaryPrimitives.ReadUInt16BigEndian(head[EntryV1.LengthOffset..]);
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
        ref readonly EntryHeadV1 head = ref MemoryMarshal.AsRef<EntryHeadV1>(message.Slice(start, EntryV1.HeadLength));
        ConnectionFlags flags = head.Flags;
        ReadAddresses(
            message.Slice(start, fixedLength), out IpFamily family, out Address client, out Address @virtual, out Address real);

        marks.WireFlags = flags;
        entry = new ConnectionEntry(
            new ConnectionKey(family, head.Protocol, IsTemplate(flags), client, head.ClientPort, @virtual, head.VirtualPort),
            real, head.RealPort, flags & ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_MASK, head.State, head.Fwmark, head.Timeout);
        if (marks.Sequence != 0)
            entry = entry with { HasSequence = true, Sequence = Sequence(message, marks.Sequence) };
        Refusal refusal = EntryRules.Check(flags, head.Protocol, head.State, profile);
        return refusal == Refusal.None && marks.PersistenceData != 0 && marks.PersistenceName == 0
            ? Refusal.PersistenceDataWithoutName
            : refusal;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadAddresses(
        ReadOnlySpan<byte> fixedPart, out IpFamily family, out Address client, out Address @virtual, out Address real)
    {
        if (fixedPart.Length == EntryV1.FixedLengthIPv4)
        {
            ref readonly EntryHeadV1.AddressesIPv4 narrow =
                ref MemoryMarshal.AsRef<EntryHeadV1.AddressesIPv4>(fixedPart[EntryV1.HeadLength..EntryV1.FixedLengthIPv4]);
            family = IpFamily.IPv4;
            client = narrow.Client;
            @virtual = narrow.Virtual;
            real = narrow.Real;
            return;
        }

        var wide = new WireReader(fixedPart[EntryV1.HeadLength..EntryV1.FixedLengthIPv6]);
        family = IpFamily.IPv6;
        client = wide.ReadIPv6();
        @virtual = wide.ReadIPv6();
        real = wide.ReadIPv6();
    }

    private static SequenceData Sequence(ReadOnlySpan<byte> message, int mark) =>
        SequenceBlock.Read(message.Slice(mark, SequenceData.WireLength));

    private static bool IsTemplate(ConnectionFlags flags) => (flags & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0;
}
