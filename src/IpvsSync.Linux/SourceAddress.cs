using System.Buffers.Binary;
using System.Net;

namespace IpvsSync.Linux;

/// <summary>
/// The sender of a datagram: its IPv4 or IPv6 address as a number. The port is left out: another socket of the same host has a different
/// one.
/// </summary>
/// <param name="Number">The address; an IPv4 address is in the low 32 bits.</param>
/// <param name="IsIPv6">Whether the address has 16 bytes, not 4.</param>
public readonly record struct SourceAddress(UInt128 Number, bool IsIPv6)
{
    /// <summary>Makes an address from the runtime's class.</summary>
    public static SourceAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == sizeof(uint)
            ? new SourceAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv6: false)
            : new SourceAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), IsIPv6: true);
    }

    /// <summary>The usual text: <c>10.0.0.11</c>, <c>2001:db8::7</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Number);
        return new IPAddress(IsIPv6 ? bytes : bytes[12..]).ToString();
    }
}
