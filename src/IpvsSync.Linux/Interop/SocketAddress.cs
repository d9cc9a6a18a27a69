using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>The kernel's forms of an address: struct sockaddr_in (linux/in.h), sockaddr_in6 (linux/in6.h), ip_mreqn, ipv6_mreq.</summary>
internal static class SocketAddress
{
    /// <summary>The size of the longer of the two, sockaddr_in6.</summary>
    internal const int MaxSize = 28;

    private const int InternetSize = 16;

    /// <summary>Writes the address and returns its length: 16 for IPv4, 28 for IPv6.</summary>
    internal static int Write(Span<byte> target, IPAddress address, int port, uint interfaceIndex)
    {
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int length = v6 ? MaxSize : InternetSize;
        target[..length].Clear();
        WriteHost(target, (ushort)(v6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        address.TryWriteBytes(target[(v6 ? 8 : 4)..], out _);
        if (v6)
            WriteHost(target[24..], interfaceIndex);
        return length;
    }

    /// <summary>The address that the kernel has written; default if its family is neither IPv4 nor IPv6, or if there is none.</summary>
    internal static SourceAddress Read(ReadOnlySpan<byte> written)
    {
        if (written.Length < InternetSize)
            return default;
        int family = MemoryMarshal.Read<ushort>(written);
        if (family == LinuxSocket.AF_INET)
            return new SourceAddress(BinaryPrimitives.ReadUInt32BigEndian(written[4..]), IsIPv6: false);
        return family == LinuxSocket.AF_INET6 && written.Length >= MaxSize ? Unmap(BinaryPrimitives.ReadUInt128BigEndian(written[8..])) : default;
    }

    /// <summary>A socket of both families gives IPv4 addresses as ::ffff:a.b.c.d (RFC 4291, "IPv4-Mapped IPv6 Address").</summary>
    private static SourceAddress Unmap(UInt128 number)
        => number >> 32 == 0xFFFF ? new SourceAddress((uint)number, IsIPv6: false) : new SourceAddress(number, IsIPv6: true);

    /// <summary>The mask of an IPv4 network as an address: 24 is 255.255.255.0.</summary>
    internal static IPAddress Netmask(int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 32);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(0xFFFF_FFFF_0000_0000 >> prefixLength));
        return new IPAddress(bytes);
    }

    /// <summary>struct ip_mreqn: group, local address (any), interface index.</summary>
    internal static byte[] MulticastRequest(IPAddress group, uint interfaceIndex)
    {
        byte[] request = new byte[12];
        group.TryWriteBytes(request, out _);
        WriteHost(request.AsSpan(8), interfaceIndex);
        return request;
    }

    /// <summary>struct ipv6_mreq: group, interface index.</summary>
    internal static byte[] MulticastRequest6(IPAddress group, uint interfaceIndex)
    {
        byte[] request = new byte[20];
        group.TryWriteBytes(request, out _);
        WriteHost(request.AsSpan(16), interfaceIndex);
        return request;
    }

    private static void WriteHost<T>(Span<byte> target, T value)
        where T : struct => MemoryMarshal.Write(target, in value);
}
