using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// The only cursor over received bytes. It reads values from the front, in network order unless the name says otherwise. Parsers check
/// lengths first; beyond the end it throws and never reads. The methods are always inlined: only then is the cursor kept in registers, and
/// a known length removes the bounds checks.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte ReadByte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ushort ReadUInt16()
    {
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        _rest = _rest[sizeof(ushort)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint ReadUInt32()
    {
        uint value = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint ReadUInt32LittleEndian()
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong ReadUInt48()
    {
        ulong high = ReadUInt16();
        return (high << 32) | ReadUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong ReadUInt64()
    {
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(_rest);
        _rest = _rest[sizeof(ulong)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Address ReadIPv4() => Address.FromIPv4(ReadUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Address ReadIPv6()
    {
        ulong high = ReadUInt64();
        return new Address(high, ReadUInt64());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Skip(int count) => _rest = _rest[count..];
}
