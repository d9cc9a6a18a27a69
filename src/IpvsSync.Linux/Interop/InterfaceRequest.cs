using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace IpvsSync.Linux.Interop;

/// <summary>struct ifreq (linux/if.h) on a 64-bit kernel: the argument of the ioctl calls about one interface.</summary>
/// <remarks>
/// <code>
///  0  ifr_name, 16 bytes with a NUL
/// 16  one of: ifr_flags i16, ifr_mtu i32, ifr_qlen i32, ifr_addr and ifr_netmask struct sockaddr
/// 40
/// </code>
/// </remarks>
internal unsafe struct InterfaceRequest
{
    private const int ValueSize = 24;

    private fixed byte _name[LinuxIf.IFNAMSIZ];
    private fixed byte _value[ValueSize];

    /// <summary>A request about one interface; the value is zero.</summary>
    /// <exception cref="KernelException">EINVAL: the name is not valid for an interface.</exception>
    internal InterfaceRequest(string name, string operation)
    {
        if (!CanBeName(name))
            throw new KernelException(operation, Errno.EINVAL, $"\"{name}\" cannot be the name of an interface");
        fixed (byte* bytes = _name)
            Encoding.UTF8.GetBytes(name, new Span<byte>(bytes, LinuxIf.IFNAMSIZ - 1));
    }

    internal static bool CanBeName(string name) =>
        name.Length > 0 && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) < LinuxIf.IFNAMSIZ;

    /// <summary>The name: as given, or as the kernel filled it in.</summary>
    internal readonly string Name
    {
        get
        {
            fixed (byte* bytes = _name)
                return Marshal.PtrToStringUTF8((nint)bytes)!;
        }
    }

    internal readonly T Get<T>()
        where T : unmanaged
    {
        fixed (byte* bytes = _value)
            return MemoryMarshal.Read<T>(new ReadOnlySpan<byte>(bytes, ValueSize));
    }

    /// <summary>A copy of the request with a value; bytes that the value does not fill stay unchanged.</summary>
    internal readonly InterfaceRequest With<T>(T value)
        where T : unmanaged
    {
        InterfaceRequest request = this;
        MemoryMarshal.Write(new Span<byte>(request._value, ValueSize), in value);
        return request;
    }

    /// <summary>A copy of the request with an IPv4 address, or a netmask in the form of one: a struct sockaddr_in.</summary>
    internal readonly InterfaceRequest With(IPAddress address)
    {
        InterfaceRequest request = this;
        SocketAddress.Write(new Span<byte>(request._value, ValueSize), address, 0, 0);
        return request;
    }

    /// <summary>Passes the request to the kernel, which may fill in the name or the value. Returns 0 or the error number.</summary>
    internal int TryCall(KernelHandle handle, nuint request)
    {
        fixed (InterfaceRequest* argument = &this)
            return Libc.Ioctl(handle, request, (byte*)argument) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Passes the request to the kernel, which may fill in the name or the value.</summary>
    internal void Call(KernelHandle handle, nuint request, string operation)
    {
        int errno = TryCall(handle, request);
        if (errno != 0)
            throw new KernelException(operation, errno);
    }
}
