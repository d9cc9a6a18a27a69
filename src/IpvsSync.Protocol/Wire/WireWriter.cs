using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The only cursor over bytes to send. It appends values in network order unless the name says otherwise. Writers measure first; beyond the
/// end it throws and never writes. The methods are always inlined: only then is the cursor kept in registers, and a known length removes
/// the bounds checks.
/// </summary>
internal ref struct WireWriter(Span<byte> bytes)
{
    private Span<byte> _rest = bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteByte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_rest, value);
        _rest = _rest[sizeof(ushort)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_rest, value);
        _rest = _rest[sizeof(uint)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteUInt32LittleEndian(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
        _rest = _rest[sizeof(uint)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteUInt48(ulong value)
    {
        WriteUInt16((ushort)(value >> 32));
        WriteUInt32((uint)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_rest, value);
        _rest = _rest[sizeof(ulong)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteIPv4(Address address) => WriteUInt32((uint)address.Low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteIPv6(Address address)
    {
        WriteUInt64(address.High);
        WriteUInt64(address.Low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }
}
