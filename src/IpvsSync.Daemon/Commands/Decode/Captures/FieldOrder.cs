using System.Buffers.Binary;

namespace IpvsSync.Daemon.Commands.Decode.Captures;

/// <summary>Reads numbers from a capture's headers, which are in the byte order of the machine that wrote it.</summary>
internal readonly struct FieldOrder(bool isBigEndian)
{
    /// <summary>The 16-bit number at <paramref name="offset"/>.</summary>
    public ushort UInt16(ReadOnlySpan<byte> bytes, int offset) => isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..])
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    /// <summary>The 32-bit number at <paramref name="offset"/>.</summary>
    public uint UInt32(ReadOnlySpan<byte> bytes, int offset) => isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    /// <summary>The 64-bit number at <paramref name="offset"/>.</summary>
    public ulong UInt64(ReadOnlySpan<byte> bytes, int offset) => isBigEndian
        ? BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..])
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
