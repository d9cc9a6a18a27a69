using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Netlink;

/// <summary>A netlink socket that receives only from the kernel and never waits for ever. For one thread.</summary>
internal sealed unsafe class NetlinkSocket : INetlinkSocket
{
    // The kernel sends no larger dump datagram (linux/netlink.h, NLMSG_GOODSIZE and netlink_dump).
    private const int ReceiveBufferSize = 32 * 1024;

    /// <summary>The size of struct sockaddr_nl (linux/netlink.h); all zero except the family means the kernel.</summary>
    private const int AddressSize = 12;

    private readonly KernelHandle _socket;
    private readonly byte[] _receiveBuffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize);

    /// <summary>Takes ownership of a socket and closes it.</summary>
    internal NetlinkSocket(KernelHandle socket)
    {
        _socket = socket;
    }

    /// <summary>Opens a socket for one netlink protocol.</summary>
    /// <exception cref="KernelException">EPROTONOSUPPORT: the kernel does not have that protocol.</exception>
    internal static NetlinkSocket Open(int protocol, TimeSpan receiveTimeout)
    {
        const string Operation = "open a netlink socket";
        KernelHandle handle = KernelSocket.Open(LinuxSocket.AF_NETLINK, LinuxSocket.SOCK_RAW, protocol, Operation);
        var socket = new NetlinkSocket(handle);
        try
        {
            socket.SetReceiveTimeout(receiveTimeout);

            // Both options are optional: older kernels do not have them, and work without.
            _ = KernelSocket.TrySetOption(handle, LinuxSocket.SOL_NETLINK, LinuxNetlink.NETLINK_CAP_ACK, 1);
            _ = KernelSocket.TrySetOption(handle, LinuxSocket.SOL_NETLINK, LinuxNetlink.NETLINK_EXT_ACK, 1);

            // A socket connected to the kernel receives nothing from other processes.
            Span<byte> kernel = stackalloc byte[AddressSize];
            kernel.Clear();
            ushort family = LinuxSocket.AF_NETLINK;
            MemoryMarshal.Write(kernel, in family);
            KernelSocket.Connect(handle, kernel, Operation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sets SO_RCVTIMEO. The smallest time is one microsecond, because 0 would mean for ever.</summary>
    internal void SetReceiveTimeout(TimeSpan timeout)
    {
        long microseconds = Math.Max(1, (long)timeout.TotalMicroseconds);
        Span<nint> time = [(nint)(microseconds / 1_000_000), (nint)(microseconds % 1_000_000)];
        KernelSocket.SetOption(
            _socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVTIMEO, MemoryMarshal.AsBytes(time), "set a receive time-out");
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> message, string operation)
    {
        fixed (byte* data = message)
        {
            while (Libc.Send(_socket, data, (nuint)message.Length, LinuxSocket.MSG_NOSIGNAL) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                    throw KernelException.FromLastCall(operation);
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Receive(string operation)
    {
        nint length;
        fixed (byte* data = _receiveBuffer)
        {
            do
                length = Libc.Receive(_socket, data, (nuint)_receiveBuffer.Length, LinuxSocket.MSG_TRUNC);
            while (length < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        if (length < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new KernelException(operation, errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno);
        }

        if (length > _receiveBuffer.Length)
            throw new KernelException(operation, Errno.EMSGSIZE);
        return _receiveBuffer.AsSpan(0, (int)length);
    }

    public void Dispose() => _socket.Dispose();
}
