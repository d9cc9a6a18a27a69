using System.Buffers.Binary;
using System.Net;

namespace IpvsSync.Protocol;

/// <summary>
/// An IPv4 or IPv6 address as a 128-bit number. The family is stored once per connection, not in each address. An IPv4 address is the
/// number in the low 32 bits.
/// </summary>
public readonly record struct Address
{
    internal const int IPv4Length = 4;
    internal const int IPv6Length = 16;

    internal Address(ulong high, ulong low)
    {
        High = high;
        Low = low;
    }

    /// <summary>The upper 64 bits; 0 for IPv4.</summary>
    public ulong High { get; }

    /// <summary>The lower 64 bits; for IPv4 the whole address.</summary>
    public ulong Low { get; }

    /// <summary>Makes an address from its 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">Neither 4 nor 16 bytes.</exception>
    public static Address FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        IPv4Length => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        IPv6Length => new Address(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw NotAnAddress(nameof(bytes)),
    };

    /// <summary>Makes an IPv4 address from its number: 10.0.0.11 is 0x0A00000B.</summary>
    public static Address FromIPv4(uint address) => new(0, address);

    /// <summary>Makes an address from the runtime's class; an IPv4-mapped IPv6 address stays IPv6.</summary>
    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[IPv6Length];
        address.TryWriteBytes(bytes, out int written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>
    /// Writes the address in network order. The length of <paramref name="destination"/>, 4 or 16 bytes, selects the family.
    /// </summary>
    /// <exception cref="ArgumentException">Neither 4 nor 16 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        switch (destination.Length)
        {
            case IPv4Length:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
                break;
            case IPv6Length:
                BinaryPrimitives.WriteUInt64BigEndian(destination, High);
                BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
                break;
            default:
                throw NotAnAddress(nameof(destination));
        }
    }

    /// <summary>The first <paramref name="prefix"/> bits, and zeros. More bits than the family has leave the address as it is.</summary>
    public Address Masked(IpFamily family, int prefix)
    {
        int bits = family == IpFamily.IPv6 ? IPv6Length * 8 : IPv4Length * 8;
        int zeros = Math.Clamp(bits - prefix, 0, bits);
        UInt128 number = new(High, Low);
        number = zeros == 128 ? 0 : number >> zeros << zeros;
        return new Address((ulong)(number >> 64), (ulong)number);
    }

    /// <summary>The usual text of the address: <c>10.0.0.11</c>, <c>2001:db8::7</c>.</summary>
    public string ToString(IpFamily family)
    {
        Span<byte> bytes = stackalloc byte[family == IpFamily.IPv6 ? IPv6Length : IPv4Length];
        CopyTo(bytes);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>The text as IPv4 if the number fits in 32 bits, otherwise as IPv6. For people only: the family is not known here.</summary>
    public override string ToString() => ToString(High == 0 && Low <= uint.MaxValue ? IpFamily.IPv4 : IpFamily.IPv6);

    private static ArgumentException NotAnAddress(string parameter) => new("An address has 4 or 16 bytes.", parameter);
}
