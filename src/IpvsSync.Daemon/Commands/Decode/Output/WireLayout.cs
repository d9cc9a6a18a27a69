using System.Buffers.Binary;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// The positions of an entry's fields (spec §1.2, §2.2). The reader returns only where an entry starts; a refusal is printed with its
/// field. All positions are limited to the datagram, whatever its bytes are.
/// </summary>
internal static class WireLayout
{
    /// <summary>Version 0: the start of the sequence block.</summary>
    public const int SequenceV0 = 24;

    /// <summary>The protocol field, in both versions.</summary>
    public const int Protocol = 1;

    /// <summary>Version 1: the field with entry version and length.</summary>
    public const int LengthV1 = 2;

    private const int FullLengthV0 = 48;
    private const int FlagsV0 = 20;
    private const int StateV0 = 22;
    private const int FlagsV1 = 4;
    private const int StateV1 = 8;
    private const int LengthMaskV1 = 0x0FFF;
    private const int FixedLengthIPv4 = 36;
    private const int FixedLengthIPv6 = 72;

    /// <summary>The offset of the flags from the start of the entry.</summary>
    public static int Flags(SyncVersion version) => version == SyncVersion.V1 ? FlagsV1 : FlagsV0;

    /// <summary>The offset of the state from the start of the entry.</summary>
    public static int State(SyncVersion version) => version == SyncVersion.V1 ? StateV1 : StateV0;

    /// <summary>The end of the entry at <paramref name="start"/>, padding not included.</summary>
    public static int EntryEnd(SyncVersion version, ReadOnlySpan<byte> datagram, int start)
    {
        start = Math.Min(start, datagram.Length);
        int length = version == SyncVersion.V1 ? LengthOfV1(datagram[start..]) : LengthOfV0(datagram[start..]);
        return Math.Min(start + length, datagram.Length);
    }

    /// <summary>The start of the options of the version 1 entry at <paramref name="start"/>.</summary>
    public static int OptionsStart(ReadOnlySpan<byte> datagram, int start)
    {
        bool isIPv6 = start < datagram.Length && (datagram[start] & 1) != 0;
        return Math.Min(start + (isIPv6 ? FixedLengthIPv6 : FixedLengthIPv4), datagram.Length);
    }

    private static int LengthOfV1(ReadOnlySpan<byte> entry) => entry.Length < LengthV1 + sizeof(ushort)
        ? entry.Length
        : BinaryPrimitives.ReadUInt16BigEndian(entry[LengthV1..]) & LengthMaskV1;

    private static int LengthOfV0(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < SequenceV0) return entry.Length;
        var flags = (ConnectionFlags)BinaryPrimitives.ReadUInt16BigEndian(entry[FlagsV0..]);
        return (flags & ConnectionFlags.IP_VS_CONN_F_SEQ_MASK) == 0 ? SequenceV0 : FullLengthV0;
    }
}
