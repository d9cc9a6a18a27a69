using System.Buffers.Binary;
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

    public static byte[] Message(ushort type, uint sequence, byte[] payload, ushort flags = 0)
    {
        byte[] message = new byte[(16 + payload.Length + 3) & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(message, 16 + payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), sequence);
        payload.CopyTo(message, 16);
        return message;
    }

    /// <summary>NLMSG_ERROR with the header of the request, capped; 0 acknowledges.</summary>
    public static byte[] Answer(uint sequence, int error, byte[]? attributes = null)
    {
        byte[] payload = [.. BitConverter.GetBytes(error), .. new byte[16], .. attributes ?? []];
        ushort flags = (ushort)(0x100 | (attributes == null ? 0 : 0x200));
        return Message(2, sequence, payload, flags);
    }

    public static byte[] Done(uint sequence, ushort flags = 2) => Message(3, sequence, [0, 0, 0, 0], flags);

    public static byte[] Attribute(ushort type, params byte[] value)
    {
        byte[] attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    /// <summary>The answer of the controller: the family IPVS has the number 0x20.</summary>
    public static byte[] FamilyAnswer(uint sequence) => Message(
        16, sequence, [1, 2, 0, 0, .. Attribute(2, "IPVS\0"u8.ToArray()), .. Attribute(1, 0x20, 0)]);

    public void Dispose()
    {
        Connection.Dispose();
        _far.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, [Out] int[] pair);
}
