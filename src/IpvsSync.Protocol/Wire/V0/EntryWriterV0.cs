namespace IpvsSync.Protocol.Wire.V0;

/// <summary>
/// Writes one entry of version 0 (spec §1.2, §1.3) in the layout that <see cref="EntryReaderV0"/> shows. As in the kernel, the timeout, the
/// firewall mark and sequence data without its flags are omitted: the format has no fields for them.
/// </summary>
internal static class EntryWriterV0
{
    internal static Refusal Check(in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        if (entry.KeyInPlace.Family != IpFamily.IPv4) return Refusal.NotIPv4ForV0;
        return HasSequence(wireFlags) && !entry.HasSequence ? Refusal.SequenceMissingForV0 : Refusal.None;
    }

    internal static int Measure(ConnectionFlags wireFlags) => HasSequence(wireFlags) ? EntryV0.FullLength : EntryV0.SimpleLength;

    internal static void Write(Span<byte> target, in ConnectionEntry entry, ConnectionFlags wireFlags, bool sequenceBigEndian)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        var writer = new WireWriter(target);
        writer.WriteByte(0);
        writer.WriteByte(key.Protocol);
        writer.WriteUInt16(key.ClientPort);
        writer.WriteUInt16(key.VirtualPort);
        writer.WriteUInt16(entry.RealPort);
        writer.WriteIPv4(key.Client);
        writer.WriteIPv4(key.Virtual);
        writer.WriteIPv4(entry.Real);
        writer.WriteUInt16((ushort)wireFlags);
        writer.WriteUInt16(entry.State);
        if (!HasSequence(wireFlags)) return;
        if (sequenceBigEndian) SequenceBlock.Write(ref writer, entry.Sequence);
        else SequenceBlock.WriteLittleEndian(ref writer, entry.Sequence);
    }

    private static bool HasSequence(ConnectionFlags wireFlags) => (wireFlags & ConnectionFlags.IP_VS_CONN_F_SEQ_MASK) != 0;
}
