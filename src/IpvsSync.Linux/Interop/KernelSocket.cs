using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>Socket calls that take spans instead of pointers. A refusal is a <see cref="KernelException"/>.</summary>
internal static unsafe class KernelSocket
{
    internal static KernelHandle Open(int family, int type, int protocol, string operation)
    {
        KernelHandle socket = Libc.Socket(family, type | LinuxSocket.SOCK_CLOEXEC, protocol);
        if (!socket.IsInvalid)
            return socket;
        int errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        throw new KernelException(operation, errno);
    }

    internal static void Bind(KernelHandle socket, ReadOnlySpan<byte> address, string operation)
    {
        fixed (byte* pointer = address)
        {
            if (Libc.Bind(socket, pointer, (uint)address.Length) < 0)
                throw KernelException.FromLastCall(operation);
        }
    }

    internal static void Connect(KernelHandle socket, ReadOnlySpan<byte> address, string operation)
    {
        fixed (byte* pointer = address)
        {
            if (Libc.Connect(socket, pointer, (uint)address.Length) < 0)
                throw KernelException.FromLastCall(operation);
        }
    }

    /// <summary>The socket's own address.</summary>
    internal static SourceAddress OwnAddress(KernelHandle socket, string operation)
    {
        Span<byte> name = stackalloc byte[SocketAddress.MaxSize];
        uint length = (uint)name.Length;
        fixed (byte* pointer = name)
        {
            if (Libc.GetSocketName(socket, pointer, &length) < 0)
                throw KernelException.FromLastCall(operation);
        }

        return SocketAddress.Read(name[..(int)Math.Min(length, SocketAddress.MaxSize)]);
    }

    internal static void SetOption(KernelHandle socket, int level, int option, ReadOnlySpan<byte> value, string operation)
    {
        int errno = TrySetOption(socket, level, option, value);
        if (errno != 0)
            throw new KernelException(operation, errno);
    }

    internal static void SetOption(KernelHandle socket, int level, int option, int value, string operation) =>
        SetOption(socket, level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)), operation);

    /// <summary>Sets an option that may be refused; returns 0 or the error number.</summary>
    internal static int TrySetOption(KernelHandle socket, int level, int option, ReadOnlySpan<byte> value)
    {
        fixed (byte* pointer = value)
        {
            return Libc.SetSockOpt(socket, level, option, pointer, (uint)value.Length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    internal static int TrySetOption(KernelHandle socket, int level, int option, int value) =>
        TrySetOption(socket, level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    /// <summary>Reads an option. Returns the number of bytes that the kernel wrote, or -1 with the last P/Invoke error set.</summary>
    internal static int GetOption(KernelHandle socket, int level, int option, Span<byte> value)
    {
        uint length = (uint)value.Length;
        fixed (byte* pointer = value)
        {
            return Libc.GetSockOpt(socket, level, option, pointer, &length) < 0 ? -1 : (int)length;
        }
    }
}
