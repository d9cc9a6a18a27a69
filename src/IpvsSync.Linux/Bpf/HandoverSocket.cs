using System.Runtime.InteropServices;
using System.Text;
using IpvsSync.Linux.Files;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// A Unix socket that keeps messages apart (SOCK_SEQPACKET) and carries descriptors with them (SCM_RIGHTS, unix(7)). Nothing waits longer
/// than its time-out. One thread.
/// </summary>
internal sealed unsafe class HandoverSocket : IDisposable
{
    /// <summary>Descriptors that a message carries at most.</summary>
    public const int MostDescriptors = 4;

    private const int PathSize = 108;
    private static readonly int s_controlHead = sizeof(nuint) + (2 * sizeof(int));

    private readonly KernelHandle _socket;

    private HandoverSocket(KernelHandle socket)
    {
        _socket = socket;
    }

    /// <summary>Connects to a path.</summary>
    /// <exception cref="KernelException">ENOENT, ECONNREFUSED: nobody listens there. EACCES: this user may not.</exception>
    public static HandoverSocket Connect(string path, TimeSpan timeout)
    {
        string operation = $"connect to {path}";
        KernelHandle socket = Open(operation, timeout);
        try
        {
            KernelSocket.Connect(socket, Address(path, operation), operation);
            return new HandoverSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Listens at a path, which must not exist, or be a socket that a process has left which listens no more.</summary>
    /// <exception cref="KernelException">EADDRINUSE: it exists. EACCES, ENOENT: it cannot be made there.</exception>
    public static HandoverSocket Listen(string path, TimeSpan timeout)
    {
        string operation = $"listen at {path}";
        if (IsLeft(path))
            File.Delete(path);
        KernelHandle socket = Open(operation, timeout);
        try
        {
            KernelSocket.Bind(socket, Address(path, operation), operation);
            if (Libc.Listen(socket, MostDescriptors) < 0)
                throw KernelException.FromLastCall(operation);
            return new HandoverSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a listening socket that this process was started with.</summary>
    public static HandoverSocket Inherit(int descriptor, TimeSpan timeout)
    {
        var socket = KernelHandle.Own(descriptor);
        SetTimeout(socket, LinuxSocket.SO_RCVTIMEO, timeout, "take over the socket");
        return new HandoverSocket(socket);
    }

    /// <summary>Takes the next connection; null if none has come within the time-out.</summary>
    /// <exception cref="KernelException">The socket does not listen.</exception>
    public HandoverSocket? Accept(TimeSpan timeout)
    {
        const string Operation = "accept a connection";
        KernelHandle socket = Libc.Accept(_socket, null, null, LinuxSocket.SOCK_CLOEXEC);
        if (!socket.IsInvalid)
        {
            SetTimeouts(socket, timeout, Operation);
            return new HandoverSocket(socket);
        }

        int errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        return errno is Errno.EAGAIN or Errno.EINTR ? null : throw new KernelException(Operation, errno);
    }

    /// <summary>Whether there is a socket at a path, and nobody listens at it. Nothing else is taken for left, whatever refuses to answer.</summary>
    private static bool IsLeft(string path)
    {
        if (FileKinds.At(path) != FileKind.Socket)
            return false;
        try
        {
            // The backlog of a process that hangs is full: it must not be waited for.
            Connect(path, TimeSpan.FromMilliseconds(1)).Dispose();
            return false;
        }
        catch (KernelException exception)
        {
            return exception.Errno == Errno.ECONNREFUSED;
        }
    }

    /// <summary>Sends a message with descriptors, which stay open here.</summary>
    /// <exception cref="KernelException">The other end is gone, or takes nothing.</exception>
    public void Send(ReadOnlySpan<byte> message, params ReadOnlySpan<KernelHandle> descriptors)
    {
        Span<byte> control = stackalloc byte[s_controlHead + (MostDescriptors * sizeof(int))];
        control = control[..(descriptors.IsEmpty ? 0 : s_controlHead + (descriptors.Length * sizeof(int)))];
        WriteRights(control, descriptors);
        fixed (byte* data = message)
        fixed (byte* rights = control)
        {
            var vector = new IoVector { Base = data, Length = (nuint)message.Length };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            if (Libc.SendMany(_socket, &header, 1, LinuxSocket.MSG_NOSIGNAL) < 1)
                throw KernelException.FromLastCall("send over the socket");
        }
    }

    /// <summary>Receives a message with descriptors, which the caller closes.</summary>
    /// <param name="message">Where it goes; what is longer is cut.</param>
    /// <param name="descriptors">What came with it.</param>
    /// <returns>Bytes of the message; 0 if the other end is gone.</returns>
    /// <exception cref="KernelException">EAGAIN: nothing has come in time.</exception>
    public int Receive(Span<byte> message, out KernelHandle[] descriptors)
    {
        Span<byte> control = stackalloc byte[s_controlHead + (MostDescriptors * sizeof(int))];
        fixed (byte* data = message)
        fixed (byte* rights = control)
        {
            var vector = new IoVector { Base = data, Length = (nuint)message.Length };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            if (Libc.ReceiveMany(_socket, &header, 1, LinuxSocket.MSG_CMSG_CLOEXEC, null) < 1)
                throw KernelException.FromLastCall("receive over the socket");
            descriptors = ReadRights(control[..(int)header.ControlLength]);
            return (int)header.Transferred;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // struct cmsghdr (bits/socket.h): 0 length usize, 8 level s32, 12 type s32, 16 the descriptors, s32 each
    private static void WriteRights(Span<byte> control, ReadOnlySpan<KernelHandle> descriptors)
    {
        if (control.IsEmpty)
            return;
        MemoryMarshal.Write(control, (nuint)control.Length);
        MemoryMarshal.Write(control[sizeof(nuint)..], LinuxSocket.SOL_SOCKET);
        MemoryMarshal.Write(control[(sizeof(nuint) + sizeof(int))..], LinuxSocket.SCM_RIGHTS);
        for (int i = 0; i < descriptors.Length; i++)
            MemoryMarshal.Write(control[(s_controlHead + (i * sizeof(int)))..], descriptors[i].Descriptor);
    }

    private static KernelHandle[] ReadRights(ReadOnlySpan<byte> control)
    {
        if (control.Length < s_controlHead || MemoryMarshal.Read<int>(control[sizeof(nuint)..]) != LinuxSocket.SOL_SOCKET
            || MemoryMarshal.Read<int>(control[(sizeof(nuint) + sizeof(int))..]) != LinuxSocket.SCM_RIGHTS)
            return [];
        int length = (int)Math.Min(MemoryMarshal.Read<nuint>(control), (nuint)control.Length);
        var descriptors = new KernelHandle[(length - s_controlHead) / sizeof(int)];
        for (int i = 0; i < descriptors.Length; i++)
            descriptors[i] = KernelHandle.Own(MemoryMarshal.Read<int>(control[(s_controlHead + (i * sizeof(int)))..]));
        return descriptors;
    }

    private static KernelHandle Open(string operation, TimeSpan timeout)
    {
        KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_UNIX, LinuxSocket.SOCK_SEQPACKET, 0, operation);
        SetTimeouts(socket, timeout, operation);
        return socket;
    }

    private static void SetTimeouts(KernelHandle socket, TimeSpan timeout, string operation)
    {
        SetTimeout(socket, LinuxSocket.SO_RCVTIMEO, timeout, operation);
        SetTimeout(socket, LinuxSocket.SO_SNDTIMEO, timeout, operation);
    }

    private static void SetTimeout(KernelHandle socket, int option, TimeSpan timeout, string operation)
    {
        var time = new TimeSpecification(timeout);
        // struct timeval has microseconds where struct timespec has nanoseconds.
        Span<long> value = [time.TotalNanoseconds / 1_000_000_000, time.TotalNanoseconds % 1_000_000_000 / 1000];
        KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, option, MemoryMarshal.AsBytes(value), operation);
    }

    private static byte[] Address(string path, string operation)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length is 0 or >= PathSize)
            throw new KernelException(operation, Errno.EINVAL, $"the path has to be shorter than {PathSize} bytes");
        byte[] address = new byte[sizeof(ushort) + name.Length + 1];
        MemoryMarshal.Write(address, (ushort)LinuxSocket.AF_UNIX);
        name.CopyTo(address, sizeof(ushort));
        return address;
    }
}
