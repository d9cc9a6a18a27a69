namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Writes one entry of version 1 (spec §2.2, §2.3), laid out as <see cref="EntryReaderV1"/> shows.</summary>
internal static class EntryWriterV1
{
    internal static Refusal Check(scoped PersistenceData persistence)
    {
        if (persistence.IsEmpty) return Refusal.None;
        if (persistence.Engine.IsEmpty) return Refusal.PersistenceDataWithoutName;
        if (persistence.Engine.Length > PersistenceData.MaxEngineLength) return Refusal.PersistenceNameTooLong;
        return persistence.Data.Length > PersistenceData.MaxDataLength ? Refusal.PersistenceDataTooLong : Refusal.None;
    }

    /// <summary>The entry's length without padding; at most 373, far from the format's limit of 4095.</summary>
    internal static int Measure(in ConnectionEntry entry, scoped PersistenceData persistence)
    {
        int length = entry.Key.Family == IpFamily.IPv6 ? EntryV1.FixedLengthIPv6 : EntryV1.FixedLengthIPv4;
        if (entry.HasSequence) length += EntryV1.OptionHeaderLength + SequenceData.WireLength;
        if (!persistence.IsEmpty) length += (2 * EntryV1.OptionHeaderLength) + persistence.Data.Length + persistence.Engine.Length;
        return length;
    }

    /// <param name="target">Exactly as long as measured.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="wireFlags">Its flags as they are sent.</param>
    /// <param name="persistence">Its persistence data, already checked.</param>
    internal static void Write(Span<byte> target, in ConnectionEntry entry, ConnectionFlags wireFlags, scoped PersistenceData persistence)
    {
        var writer = new WireWriter(target);
        bool wide = entry.Key.Family == IpFamily.IPv6;
        writer.WriteByte(wide ? EntryV1.TypeIPv6 : EntryV1.TypeIPv4);
        writer.WriteByte(entry.Key.Protocol);
        writer.WriteUInt16((ushort)target.Length);
        writer.WriteUInt32((uint)wireFlags);
        writer.WriteUInt16(entry.State);
        writer.WriteUInt16(entry.Key.ClientPort);
        writer.WriteUInt16(entry.Key.VirtualPort);
        writer.WriteUInt16(entry.RealPort);
        writer.WriteUInt32(entry.Fwmark);
        writer.WriteUInt32(entry.Timeout);
        if (wide) WriteIPv6Addresses(ref writer, entry);
        else WriteIPv4Addresses(ref writer, entry);
        if (entry.HasSequence) WriteSequence(ref writer, entry.Sequence);
        if (!persistence.IsEmpty) WritePersistence(ref writer, persistence);
    }

    private static void WriteIPv4Addresses(scoped ref WireWriter writer, in ConnectionEntry entry)
    {
        writer.WriteIPv4(entry.Key.Client);
        writer.WriteIPv4(entry.Key.Virtual);
        writer.WriteIPv4(entry.Real);
    }

    private static void WriteIPv6Addresses(scoped ref WireWriter writer, in ConnectionEntry entry)
    {
        writer.WriteIPv6(entry.Key.Client);
        writer.WriteIPv6(entry.Key.Virtual);
        writer.WriteIPv6(entry.Real);
    }

    private static void WriteSequence(scoped ref WireWriter writer, in SequenceData sequence)
    {
        writer.WriteByte(EntryV1.OptionSequence);
        writer.WriteByte(SequenceData.WireLength);
        SequenceBlock.Write(ref writer, sequence);
    }

    // The kernel's order: the key first, the engine's name after it.
    private static void WritePersistence(scoped ref WireWriter writer, scoped PersistenceData persistence)
    {
        writer.WriteByte(EntryV1.OptionPersistenceData);
        writer.WriteByte((byte)persistence.Data.Length);
        writer.WriteBytes(persistence.Data);
        writer.WriteByte(EntryV1.OptionPersistenceName);
        writer.WriteByte((byte)persistence.Engine.Length);
        writer.WriteBytes(persistence.Engine);
    }
}
