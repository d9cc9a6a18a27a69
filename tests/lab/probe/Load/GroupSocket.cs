using System.Net;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>A socket that hears a multicast group on the interface with an address, with room for a long burst: <c>--to GROUP --port P --on ADDRESS</c>.</summary>
internal sealed unsafe class GroupSocket
{
    private const int BufferBytes = 64 << 20;

    private readonly int _fd;

    public GroupSocket(Arguments arguments)
    {
        _fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        int size = BufferBytes;
        Libc.Check(Libc.SetOption(_fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &size, sizeof(int)), "receive buffer");
        var address = new Ipv4SocketAddress(arguments.Address("to"), arguments.Number("port", 0));
        Libc.Check(Libc.Bind(_fd, &address, sizeof(Ipv4SocketAddress)), "bind");
        // struct ip_mreq: the group, and the address of the interface.
        uint* membership = stackalloc uint[] { Number(arguments.Address("to")), Number(arguments.Address("on")) };
        Libc.Check(Libc.SetOption(_fd, Libc.IPPROTO_IP, Libc.IP_ADD_MEMBERSHIP, membership, 2 * sizeof(uint)), "join the group");
    }

    /// <summary>The next datagram; its length. 0 when none is there and it does not wait.</summary>
    public int Receive(Span<byte> buffer, bool waits = true)
    {
        fixed (byte* data = buffer)
        {
            nint length = Libc.Receive(_fd, data, (nuint)buffer.Length, waits ? 0 : Libc.MSG_DONTWAIT);
            return length < 0 && !waits ? 0 : Libc.Check((int)length, "recv");
        }
    }

    private static uint Number(IPAddress address) => BitConverter.ToUInt32(address.GetAddressBytes());
}
