using System.Buffers.Binary;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The header, and how the versions are distinguished (spec §1.1, §1.5, §2.1).
/// <code>
///      0         1       2 .. 3      4         5        6 .. 7
/// v0   nr_conns  syncid  size (BE)
/// v1   0         syncid  size (BE)   nr_conns  version  spare
/// </code>
/// </summary>
internal static class MessageHeader
{
    internal const int LengthV0 = 4;
    internal const int LengthV1 = 8;

    private const int SizeOffset = 2;
    private const int CountOffsetV1 = 4;
    private const int VersionOffset = 5;
    private const int SpareOffset = 6;

    /// <summary>The checks of spec §1.5, in their order.</summary>
    internal static Refusal Check(ReadOnlySpan<byte> datagram, byte acceptedSyncId)
    {
        if (datagram.Length < LengthV0) return Refusal.MessageTooShort;
        if (Size(datagram) != datagram.Length) return Refusal.SizeMismatch;
        if (acceptedSyncId != 0 && datagram[1] != acceptedSyncId) return Refusal.OtherSyncId;
        return datagram[0] == 0 && Version(datagram) == SyncVersion.V0 ? Refusal.NoEntriesInV0 : Refusal.None;
    }

    /// <summary>The version of a message that passed <see cref="Check"/>.</summary>
    internal static SyncVersion Version(ReadOnlySpan<byte> message) =>
        message.Length >= LengthV1
        && message[VersionOffset] == (byte)SyncVersion.V1
        && message[0] == 0
        && BinaryPrimitives.ReadUInt16BigEndian(message[SpareOffset..]) == 0
            ? SyncVersion.V1
            : SyncVersion.V0;

    internal static int Length(SyncVersion version) => version == SyncVersion.V1 ? LengthV1 : LengthV0;

    internal static int Size(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[SizeOffset..]);

    internal static byte Count(ReadOnlySpan<byte> message, SyncVersion version) => message[CountOffset(version)];

    /// <summary>Writes the header of a message without entries.</summary>
    internal static void Start(Span<byte> buffer, SyncVersion version, byte syncId)
    {
        buffer[..Length(version)].Clear();
        buffer[1] = syncId;
        if (version == SyncVersion.V1) buffer[VersionOffset] = (byte)SyncVersion.V1;
        Patch(buffer, version, Length(version), 0);
    }

    internal static void Patch(Span<byte> buffer, SyncVersion version, int size, int count)
    {
        PatchSize(buffer, size);
        buffer[CountOffset(version)] = (byte)count;
    }

    internal static void PatchSize(Span<byte> buffer, int size) =>
        BinaryPrimitives.WriteUInt16BigEndian(buffer[SizeOffset..], (ushort)size);

    private static int CountOffset(SyncVersion version) => version == SyncVersion.V1 ? CountOffsetV1 : 0;
}
