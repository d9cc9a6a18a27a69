using System.Buffers.Binary;
using IpvsSync.Linux.Bpf;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Writes records of the ring as the kernel's master would send them: one message of version 1 (spec §2.1-2.4), so that one reader judges
/// both. <see cref="Protocol.Wire.MessageWriter"/> is no choice: it writes only what is right, and what is wrong has to be refused and counted
/// by that reader. Allocates nothing.
/// </summary>
/// <remarks><code>
/// message: 0 zero   1 sync id   2 size u16   4 entries u8   5 version 1   6 zero u16     all numbers in network order
/// entry:   0 1 for IPv6   1 protocol   2 length u16   4 flags u32   8 state u16   10 client, 12 virtual, 14 real port
///          16 fwmark u32   20 timeout u32   24 client, virtual and real address   then the options, and zeros up to a multiple of 4
/// </code></remarks>
internal static class RingMessage
{
    /// <summary>Bytes of the header, and of a message without entries.</summary>
    public const int HeaderSize = 8;

    /// <summary>Bytes that the longest entry takes at most, with what fills up the one before it (spec §2.6).</summary>
    public const int LargestEntry = 373 + 3;

    private const byte Version = 1;
    private const int HeadSize = 24;
    private const int LongAddress = 16;
    private const int ShortAddress = 4;
    private const ushort IPv6Family = 10;
    private const uint Hashed = (uint)ConnectionFlags.IP_VS_CONN_F_HASHED;
    private const uint Sequenced = (uint)(ConnectionFlags.IP_VS_CONN_F_IN_SEQ | ConnectionFlags.IP_VS_CONN_F_OUT_SEQ);
    private const int SequenceNumbers = 6;
    private const byte SequenceOption = 1;
    private const byte PersistenceOption = 2;
    private const byte EngineOption = 3;

    /// <summary>Begins a message.</summary>
    public static int Start(Span<byte> buffer, byte syncId)
    {
        buffer[..HeaderSize].Clear();
        buffer[1] = syncId;
        buffer[5] = Version;
        return Finish(buffer, HeaderSize, 0);
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="buffer">The message, and at least <see cref="LargestEntry"/> bytes behind it. At most 255 entries fit a message.</param>
    /// <param name="size">Bytes of the message.</param>
    /// <param name="record">The connection.</param>
    /// <param name="ticksPerSecond">Of the kernel that wrote it.</param>
    /// <returns>The new size.</returns>
    public static int Append(Span<byte> buffer, int size, scoped in FeedRecord record, int ticksPerSecond)
    {
        int length = Measure(record);
        int start = (size + 3) & ~3;
        buffer[size..start].Clear();
        Span<byte> entry = buffer.Slice(start, length);
        WriteHead(entry, record, ticksPerSecond);
        WriteOptions(entry[WriteAddresses(entry, record)..], record);
        return Finish(buffer, start + length, buffer[4] + 1);
    }

    private static int Finish(Span<byte> buffer, int size, int count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)size);
        buffer[4] = (byte)count;
        return size;
    }

    private static int Measure(scoped in FeedRecord record)
    {
        int length = HeadSize + (3 * AddressSize(record));
        if ((record.Flags & Sequenced) != 0)
            length += 2 + (SequenceNumbers * sizeof(uint));
        if (record.HasPersistence)
            length += 2 + record.Persistence.Length + 2 + record.EngineName.Length;
        return length;
    }

    private static int AddressSize(scoped in FeedRecord record) => record.Family == IPv6Family ? LongAddress : ShortAddress;

    private static void WriteHead(Span<byte> entry, scoped in FeedRecord record, int ticksPerSecond)
    {
        entry[0] = (byte)(record.Family == IPv6Family ? 1 : 0);
        entry[1] = (byte)record.Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(entry[2..], (ushort)entry.Length);
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], record.Flags & ~Hashed);
        BinaryPrimitives.WriteUInt16BigEndian(entry[8..], record.State);
        BinaryPrimitives.WriteUInt16BigEndian(entry[10..], record.ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(entry[12..], record.VirtualPort);
        BinaryPrimitives.WriteUInt16BigEndian(entry[14..], record.DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(entry[16..], record.FwMark);
        BinaryPrimitives.WriteUInt32BigEndian(entry[20..], (uint)(record.TimeoutTicks / (uint)ticksPerSecond));
    }

    private static int WriteAddresses(Span<byte> entry, scoped in FeedRecord record)
    {
        int size = AddressSize(record);
        record.ClientAddress[..size].CopyTo(entry[HeadSize..]);
        record.VirtualAddress[..size].CopyTo(entry[(HeadSize + size)..]);
        record.DestinationAddress[..size].CopyTo(entry[(HeadSize + (2 * size))..]);
        return HeadSize + (3 * size);
    }

    /// <summary>In the kernel's order.</summary>
    private static void WriteOptions(Span<byte> rest, scoped in FeedRecord record)
    {
        if ((record.Flags & Sequenced) != 0)
        {
            rest[0] = SequenceOption;
            rest[1] = SequenceNumbers * sizeof(uint);
            for (int i = 0; i < SequenceNumbers; i++)
                BinaryPrimitives.WriteUInt32BigEndian(rest[(2 + (i * sizeof(uint)))..], record.Sequence(i));
            rest = rest[(2 + (SequenceNumbers * sizeof(uint)))..];
        }

        if (!record.HasPersistence)
            return;
        rest = WriteOption(rest, PersistenceOption, record.Persistence);
        WriteOption(rest, EngineOption, record.EngineName);
    }

    private static Span<byte> WriteOption(Span<byte> rest, byte type, scoped ReadOnlySpan<byte> value)
    {
        rest[0] = type;
        rest[1] = (byte)value.Length;
        value.CopyTo(rest[2..]);
        return rest[(2 + value.Length)..];
    }
}
