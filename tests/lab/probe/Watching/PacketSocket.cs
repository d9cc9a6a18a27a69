using System.Net.Sockets;
using System.Runtime.InteropServices;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>Receives every IPv4 or IPv6 frame that arrives on one interface. Never waits.</summary>
internal sealed unsafe class PacketSocket
{
    private const int ReceiveBuffer = 8 << 20;

    private readonly int _fd;

    public PacketSocket(string interfaceName, AddressFamily family)
    {
        var address = new LinkSocketAddress(family == AddressFamily.InterNetworkV6 ? Libc.ETH_P_IPV6 : Libc.ETH_P_IP, Libc.InterfaceIndex(interfaceName));
        _fd = Libc.Check(Libc.Socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, address.Protocol), "packet socket");
        int size = ReceiveBuffer;
        Libc.Check(Libc.SetOption(_fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &size, sizeof(int)), "receive buffer");
        Libc.Check(Libc.Bind(_fd, &address, sizeof(LinkSocketAddress)), $"bind to {interfaceName}");
    }

    /// <summary>The frame's length on the wire, or 0 if none waits; the buffer may contain less of it.</summary>
    public int TryReceive(Span<byte> buffer)
    {
        nint got;
        fixed (byte* data = buffer)
            got = Libc.Receive(_fd, data, (nuint)buffer.Length, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC);
        if (got < 0 && Marshal.GetLastPInvokeError() != Libc.EAGAIN)
            Libc.Check((int)got, "recv");
        return (int)Math.Max(got, 0);
    }

    public long Dropped()
    {
        uint* statistics = stackalloc uint[2];
        int length = 2 * sizeof(uint);
        Libc.Check(Libc.GetOption(_fd, Libc.SOL_PACKET, Libc.PACKET_STATISTICS, statistics, &length), "packet statistics");
        return statistics[1];
    }
}
