using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>Lengths and numbers of a version 1 entry (spec §2.2, §2.3).</summary>
internal static class EntryV1
{
    /// <summary>The part before the addresses, the same for both families.</summary>
    internal const int HeadLength = 24;

    internal const int FixedLengthIPv4 = 36;
    internal const int FixedLengthIPv6 = 72;

    internal const byte TypeIPv4 = 0;
    internal const byte TypeIPv6 = 1;

    internal const int LengthOffset = 2;
    internal const int FlagsOffset = 4;
    internal const int PortsOffset = 10;
    internal const int LengthMask = 0x0FFF;

    internal const int OptionHeaderLength = 2;
    internal const byte OptionIgnorable = 0x40;
    internal const byte OptionSequence = 1;
    internal const byte OptionPersistenceData = 2;
    internal const byte OptionPersistenceName = 3;

    /// <summary>Whether a written entry and another one, with its flags as sent, are of the same connection.</summary>
    internal static bool HaveOneKey(ReadOnlySpan<byte> written, in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        bool isWide = key.Family == IpFamily.IPv6;
        // Type and protocol, both ports, the flag of a template, then both addresses.
        if (written[0] != (isWide ? TypeIPv6 : TypeIPv4) || written[1] != key.Protocol) return false;
        uint ports = ((uint)key.ClientPort << 16) | key.VirtualPort;
        if (BinaryPrimitives.ReadUInt32BigEndian(written[PortsOffset..]) != ports) return false;
        var flags = (ConnectionFlags)BinaryPrimitives.ReadUInt32BigEndian(written[FlagsOffset..]);
        if (((flags ^ wireFlags) & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0) return false;
        Span<byte> addresses = stackalloc byte[2 * (isWide ? 16 : 4)];
        var writer = new WireWriter(addresses);
        if (isWide)
        {
            writer.WriteIPv6(key.Client);
            writer.WriteIPv6(key.Virtual);
        }
        else
        {
            writer.WriteIPv4(key.Client);
            writer.WriteIPv4(key.Virtual);
        }

        return written.Slice(HeadLength, addresses.Length).SequenceEqual(addresses);
    }

    /// <summary>The bytes of an entry of a written message, without padding.</summary>
    internal static Span<byte> Find(Span<byte> message, int index)
    {
        for (int start = MessageHeader.LengthV1; ; index--)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(start + LengthOffset)..]) & LengthMask;
            if (index == 0) return message.Slice(start, length);
            start += Align(length);
        }
    }

    /// <summary>Entries start at multiples of four (spec §2.4).</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
