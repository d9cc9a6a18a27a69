using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace IpvsSync.Linux.Netlink;

/// <summary>
/// Iterates over attributes. An error sticks: the iteration ends and values read as 0. Check <see cref="Failed"/> once after the loop.
/// </summary>
/// <remarks>Integers are in host order unless a method says otherwise.</remarks>
internal ref struct AttributeReader
{
    private ReadOnlySpan<byte> _rest;

    internal AttributeReader(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
    }

    /// <summary>A length reached outside the data, or a value was shorter than its type.</summary>
    internal bool Failed { get; private set; }

    /// <summary>The type of the current attribute, without its flag bits.</summary>
    internal ushort Type { get; private set; }

    /// <summary>The bytes of the current attribute.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next attribute; false at the end and after an error.</summary>
    internal bool Next()
    {
        // Fewer bytes than a header are padding at the end; the kernel's own parser treats them so.
        if (Failed || _rest.Length < LinuxNetlink.NLA_HDRLEN)
            return false;
        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < LinuxNetlink.NLA_HDRLEN || length > _rest.Length)
            return Fail();
        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & LinuxNetlink.NLA_TYPE_MASK);
        Value = _rest[LinuxNetlink.NLA_HDRLEN..length];
        _rest = _rest[Math.Min(LinuxNetlink.Align(length), _rest.Length)..];
        return true;
    }

    internal byte U8() => Read<byte>();

    internal ushort U16() => Read<ushort>();

    internal ushort U16BigEndian()
    {
        ushort value = Read<ushort>();
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    internal uint U32() => Read<uint>();

    internal ulong U64() => Read<ulong>();

    /// <summary>Text up to its NUL, or to the end of the attribute.</summary>
    internal readonly string Text()
    {
        int end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    /// <summary>The first <paramref name="length"/> bytes of the value. A shorter value is an error and reads as zeroes.</summary>
    internal ReadOnlySpan<byte> Bytes(int length)
    {
        if (Value.Length >= length)
            return Value[..length];
        Fail();
        return new byte[length];
    }

    /// <summary>An iterator over the attributes inside the current one.</summary>
    internal readonly AttributeReader Nested() => new(Value);

    /// <summary>Takes over the error of a nested iteration.</summary>
    internal void Join(in AttributeReader nested) => Failed |= nested.Failed;

    private T Read<T>()
        where T : unmanaged
    {
        if (MemoryMarshal.TryRead(Value, out T value))
            return value;
        Fail();
        return default;
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }
}
