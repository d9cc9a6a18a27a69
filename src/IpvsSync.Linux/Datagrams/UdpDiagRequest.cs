using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Datagrams;

/// <summary>struct inet_diag_req_v2 (linux/inet_diag.h).</summary>
/// <remarks>
/// <code>
///  0 family u8 | protocol u8 | extensions u8 | pad u8 | states u32
///  8 source port BE u16 | destination port BE u16 | source 16 | destination 16 | interface u32 | cookie 8
/// </code>
/// </remarks>
internal static class UdpDiagRequest
{
    private const int IdStart = 8;
    private const byte MemoryExtension = 1 << (LinuxInetDiag.INET_DIAG_SKMEMINFO - 1);
    private const uint AnyState = 0xFFFF_FFFF;

    /// <summary>Requests the socket that a datagram to the group would reach on that interface.</summary>
    /// <remarks>The kernel looks it up from the datagram's point of view: the socket's own address is the destination.</remarks>
    internal static void WriteExact(NetlinkMessageBuilder request, IPAddress group, int port, uint interfaceIndex)
    {
        Span<byte> id = Begin(request, 0, group.AddressFamily)[IdStart..];
        BinaryPrimitives.WriteUInt16BigEndian(id[2..], (ushort)port);
        group.TryWriteBytes(id[20..], out _);
        MemoryMarshal.Write(id[36..], in interfaceIndex);
        id[40..48].Fill((byte)(LinuxInetDiag.INET_DIAG_NOCOOKIE & 0xFF));
    }

    /// <summary>Requests every socket of the port. Here the socket's own address is the source.</summary>
    internal static void WriteWalk(NetlinkMessageBuilder request, AddressFamily family, int port)
    {
        Span<byte> id = Begin(request, LinuxNetlink.NLM_F_DUMP, family)[IdStart..];
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)port);
    }

    private static Span<byte> Begin(NetlinkMessageBuilder request, ushort flags, AddressFamily family)
    {
        Span<byte> body = request.Begin(LinuxSockDiag.SOCK_DIAG_BY_FAMILY, flags).AddHeader(LinuxInetDiag.RequestSize);
        body[0] = (byte)(family == AddressFamily.InterNetworkV6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET);
        body[1] = LinuxIn.IPPROTO_UDP;
        body[2] = MemoryExtension;
        uint states = AnyState;
        MemoryMarshal.Write(body[4..], in states);
        return body;
    }
}
