using System.Net;
using IpvsSync.Linux.Interop;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// A UDP socket on the loopback with a mark. Only a process with CAP_NET_ADMIN can set a mark (CAP_NET_RAW also can since Linux 5.17), so that
/// nobody else can make a socket that looks like it. It sends and reads nothing, and is gone with the process.
/// </summary>
public sealed class MarkedSocket : IDisposable
{
    /// <summary>Where it is bound; port 0 lets the kernel choose a free one. 73.80.86 is "IPV".</summary>
    internal static readonly IPAddress Address = new([127, 73, 80, 86]);

    private const int SmallestBuffer = 1;

    private readonly KernelHandle _socket;

    private MarkedSocket(KernelHandle socket)
    {
        _socket = socket;
    }

    /// <summary>Opens a socket in the calling thread's network namespace, whose loopback may be down.</summary>
    /// <exception cref="KernelException">EPERM: CAP_NET_ADMIN is needed.</exception>
    public static MarkedSocket Open(uint mark)
    {
        const string Operation = "mark a socket";
        KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, LinuxIn.IPPROTO_UDP, Operation);
        try
        {
            SetMark(socket, mark, Operation);
            KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_FREEBIND, 1, Operation);
            KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVBUF, SmallestBuffer, Operation);
            Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
            KernelSocket.Bind(socket, address[..SocketAddress.Write(address, Address, 0, 0)], Operation);
            return new MarkedSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void SetMark(KernelHandle socket, uint mark, string operation)
    {
        int errno = KernelSocket.TrySetOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_MARK, (int)mark);
        if (errno != 0)
            throw new KernelException(operation, errno, errno == Errno.EPERM ? "CAP_NET_ADMIN is needed" : null);
    }
}
