using System.Runtime.InteropServices;
using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux;

/// <summary>The interfaces of the network namespace that the calling thread lives in.</summary>
/// <remarks>
/// Asked over sockets, not in /sys: a mounted /sys may belong to another network namespace.
/// Every member may be called from any thread.
/// </remarks>
public static class NetworkInterfaces
{
    /// <summary>The index of an interface, or null if there is none of that name.</summary>
    /// <exception cref="KernelException">The kernel gave another reason than "no such device".</exception>
    public static uint? IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!CanBeName(name))
            return null;

        uint index = Libc.IfNameToIndex(name);
        if (index != 0)
            return index;
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENODEV or Errno.ENXIO
            ? null
            : throw new KernelException($"look up interface {name}", errno);
    }

    /// <summary>The names of all interfaces, up or down, in the kernel's order.</summary>
    /// <exception cref="KernelException">The list cannot be had.</exception>
    public static unsafe IReadOnlyList<string> Names()
    {
        InterfaceName* list = Libc.IfNameIndex();
        if (list == null)
            throw KernelException.FromLastCall("list the interfaces");
        try
        {
            var names = new List<string>();
            for (InterfaceName* entry = list; entry->Index != 0; entry++)
                names.Add(Marshal.PtrToStringUTF8((nint)entry->Name) ?? string.Empty);
            return names;
        }
        finally
        {
            Libc.IfFreeNameIndex(list);
        }
    }

    /// <summary>The MTU of an interface in bytes: the largest IP packet, headers included.</summary>
    /// <exception cref="KernelException">ENODEV, naming the interfaces that exist, if there is none of that name.</exception>
    public static unsafe int Mtu(string name)
    {
        Require(name);
        string operation = $"read the MTU of {name}";
        using KernelHandle socket = Libc.Socket(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM | LinuxSocket.SOCK_CLOEXEC, 0);
        if (socket.IsInvalid)
            throw KernelException.FromLastCall(operation);

        Span<byte> request = stackalloc byte[LinuxSockios.IfreqSize];
        request.Clear();
        Encoding.UTF8.GetBytes(name, request[..(LinuxSockios.IFNAMSIZ - 1)]);
        fixed (byte* argument = request)
        {
            if (Libc.Ioctl(socket, LinuxSockios.SIOCGIFMTU, argument) < 0)
                throw KernelException.FromLastCall(operation);
        }

        return MemoryMarshal.Read<int>(request[LinuxSockios.IFNAMSIZ..]);
    }

    /// <summary>The index of an interface that has to exist.</summary>
    /// <exception cref="KernelException">ENODEV, naming the interfaces that exist.</exception>
    internal static uint Require(string name) =>
        IndexOf(name) ?? throw new KernelException($"find interface {name}", Errno.ENODEV, ExistingNames());

    /// <summary>A hint for the operator who mistyped a name.</summary>
    internal static string ExistingNames() => $"this network namespace has {string.Join(", ", Names())}";

    private static bool CanBeName(string name) =>
        name.Length > 0 && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) < LinuxSockios.IFNAMSIZ;
}
