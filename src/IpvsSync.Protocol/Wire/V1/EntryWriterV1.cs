using System.Runtime.InteropServices;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Writes one entry of version 1 (spec §2.2, §2.3) in the layout that <see cref="EntryReaderV1"/> shows.</summary>
internal static class EntryWriterV1
{
    internal static Refusal Check(scoped in PersistenceData persistence)
    {
        if (persistence.IsEmpty) return Refusal.None;
        if (persistence.Engine.IsEmpty) return Refusal.PersistenceDataWithoutName;
        if (persistence.Engine.Length > PersistenceData.MaxEngineLength) return Refusal.PersistenceNameTooLong;
        return persistence.Data.Length > PersistenceData.MaxDataLength ? Refusal.PersistenceDataTooLong : Refusal.None;
    }

    /// <summary>The entry's length without padding, in bytes: at most 373, far below the format's limit of 4095.</summary>
    internal static int Measure(in ConnectionEntry entry, scoped in PersistenceData persistence)
    {
        int length = entry.KeyInPlace.Family == IpFamily.IPv6 ? EntryV1.FixedLengthIPv6 : EntryV1.FixedLengthIPv4;
        if (entry.HasSequence) length += EntryV1.OptionHeaderLength + SequenceData.WireLength;
        if (!persistence.IsEmpty) length += (2 * EntryV1.OptionHeaderLength) + persistence.Data.Length + persistence.Engine.Length;
        return length;
    }

    /// <param name="target">The bytes to fill; exactly as many as <see cref="Measure"/> returns.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="wireFlags">Its flags as sent.</param>
    /// <param name="persistence">Its persistence data, already checked.</param>
    internal static void Write(
        Span<byte> target, in ConnectionEntry entry, ConnectionFlags wireFlags, scoped in PersistenceData persistence)
    {
        WriteHead(target, target.Length, entry, wireFlags);
        int written = WriteAddresses(target, entry);
        if (written == target.Length) return;
        var writer = new WireWriter(target[written..]);
        if (entry.HasSequence) WriteSequence(ref writer, entry.Sequence);
        if (!persistence.IsEmpty) WritePersistence(ref writer, persistence);
    }

    private static void WriteHead(Span<byte> target, int length, in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        ref EntryHeadV1 head = ref MemoryMarshal.AsRef<EntryHeadV1>(target[..EntryV1.HeadLength]);
        head.Type = key.Family == IpFamily.IPv6 ? EntryV1.TypeIPv6 : EntryV1.TypeIPv4;
        head.Protocol = key.Protocol;
        head.Length = (ushort)length;
        head.Flags = wireFlags;
        head.State = entry.State;
        head.ClientPort = key.ClientPort;
        head.VirtualPort = key.VirtualPort;
        head.RealPort = entry.RealPort;
        head.Fwmark = entry.Fwmark;
        head.Timeout = entry.Timeout;
    }

    // Returns the length of the fixed part.
    private static int WriteAddresses(Span<byte> target, in ConnectionEntry entry)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        if (key.Family == IpFamily.IPv6)
        {
            var wide = new WireWriter(target[EntryV1.HeadLength..EntryV1.FixedLengthIPv6]);
            wide.WriteIPv6(key.Client);
            wide.WriteIPv6(key.Virtual);
            wide.WriteIPv6(entry.Real);
            return EntryV1.FixedLengthIPv6;
        }

        ref EntryHeadV1.AddressesIPv4 narrow =
            ref MemoryMarshal.AsRef<EntryHeadV1.AddressesIPv4>(target[EntryV1.HeadLength..EntryV1.FixedLengthIPv4]);
        narrow.Client = key.Client;
        narrow.Virtual = key.Virtual;
        narrow.Real = entry.Real;
        return EntryV1.FixedLengthIPv4;
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
