using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Tests.Netlink;

/// <summary>
/// The far end of a datagram socket pair, speaking for the kernel in bytes. Answers are laid out before the question, since the
/// kernel, too, has its answer ready when the question's system call returns.
/// </summary>
internal sealed partial class FakeKernel : IDisposable
{
    private const int AF_UNIX = 1;

    private readonly KernelHandle _far;

    /// <param name="timeoutMilliseconds">How long the near end waits; short, unless answers come while it waits.</param>
    public FakeKernel(int timeoutMilliseconds = 20)
    {
        (KernelHandle near, _far) = Pair();
        var socket = new NetlinkSocket(near);
        socket.SetReceiveTimeout(TimeSpan.FromMilliseconds(timeoutMilliseconds));
        Connection = new NetlinkConnection(socket);
    }

    public NetlinkConnection Connection { get; }

    /// <summary>One datagram of one or several messages.</summary>
    public FakeKernel Says(params byte[][] messages)
    {
        byte[] datagram = [.. messages.SelectMany(message => message)];
        unsafe
        {
            fixed (byte* data = datagram)
                Assert.Equal(datagram.Length, Libc.Send(_far, data, (nuint)datagram.Length, 0));
        }

        return this;
    }

    /// <summary>Two connected datagram sockets.</summary>
    public static (KernelHandle Near, KernelHandle Far) Pair()
    {
        int[] pair = new int[2];
        Assert.Equal(0, SocketPair(AF_UNIX, LinuxSocket.SOCK_DGRAM | LinuxSocket.SOCK_CLOEXEC, 0, pair));
        var near = new KernelHandle();
        Marshal.InitHandle(near, pair[0]);
        var far = new KernelHandle();
        Marshal.InitHandle(far, pair[1]);
        return (near, far);
    }

    /// <summary>The next request that was sent.</summary>
    public byte[] Heard() => Heard(LinuxSocket.MSG_DONTWAIT);

    /// <summary>The next request, once it is sent.</summary>
    public byte[] WaitsFor() => Heard(0);

    private byte[] Heard(int flags)
    {
        byte[] request = new byte[4096];
        unsafe
        {
            fixed (byte* data = request)
                return request[..(int)Libc.Receive(_far, data, (nuint)request.Length, flags)];
        }
    }

    public void Dispose()
    {
        Connection.Dispose();
        _far.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, [Out] int[] pair);
}
