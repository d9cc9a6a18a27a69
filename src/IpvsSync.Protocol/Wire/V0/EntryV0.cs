using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V0;

/// <summary>Lengths and the place of the flags of a version 0 entry (spec §1.2, §1.3).</summary>
internal static class EntryV0
{
    internal const int SimpleLength = 24;
    internal const int FlagsOffset = 20;
    internal const int FullLength = SimpleLength + SequenceData.WireLength;

    private const int PortsOffset = 2;
    private const int AddressesOffset = 8;

    /// <summary>The bytes of an entry of a written message.</summary>
    internal static Span<byte> Find(Span<byte> message, int index)
    {
        for (int start = MessageHeader.LengthV0; ; index--)
        {
            var flags = (ConnectionFlags)BinaryPrimitives.ReadUInt16BigEndian(message[(start + FlagsOffset)..]);
            int length = EntryWriterV0.Measure(flags);
            if (index == 0) return message.Slice(start, length);
            start += length;
        }
    }

    /// <summary>Whether a written entry and another one, with its flags as sent, are of the same connection.</summary>
    internal static bool HaveOneKey(ReadOnlySpan<byte> written, in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        if (written[1] != key.Protocol) return false;
        uint ports = ((uint)key.ClientPort << 16) | key.VirtualPort;
        if (BinaryPrimitives.ReadUInt32BigEndian(written[PortsOffset..]) != ports) return false;
        var flags = (ConnectionFlags)BinaryPrimitives.ReadUInt16BigEndian(written[FlagsOffset..]);
        if (((flags ^ wireFlags) & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0) return false;
        Span<byte> addresses = stackalloc byte[8];
        var writer = new WireWriter(addresses);
        writer.WriteIPv4(key.Client);
        writer.WriteIPv4(key.Virtual);
        return written.Slice(AddressesOffset, addresses.Length).SequenceEqual(addresses);
    }
}
