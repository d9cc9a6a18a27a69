using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Tun;

/// <summary>An IPv4 TUN interface: what is written to it, the kernel receives as a packet that came in there.</summary>
/// <remarks>
/// <para>It lives in the network namespace of the thread that opened it, and ends with this object or its process.</para>
/// <para>What the kernel sends out of it is never read: one packet stays in the interface's queue, the kernel drops all others.</para>
/// <para>CAP_NET_ADMIN suffices, if the user may open <c>/dev/net/tun</c>. Any thread may write.</para>
/// </remarks>
public sealed class TunDevice : IDisposable
{
    private const string ControlFile = "/dev/net/tun";

    private readonly KernelHandle _queue;
    private readonly string _writeOperation;

    private TunDevice(KernelHandle queue, string name)
    {
        _queue = queue;
        Name = name;
        _writeOperation = $"write a packet to {name}";
    }

    /// <summary>The name of the interface.</summary>
    public string Name { get; }

    /// <summary>Creates the interface, gives it an address and brings it up.</summary>
    /// <param name="name">Of an interface that does not exist.</param>
    /// <param name="address">The interface's own address, IPv4.</param>
    /// <param name="prefixLength">Of the network that is reached through it, 0 to 32.</param>
    /// <exception cref="KernelException">
    /// ENOENT, ENODEV: the system has no TUN, which the message says. EACCES: <c>/dev/net/tun</c> is not for this user.
    /// EPERM: CAP_NET_ADMIN is missing. EBUSY: the interface exists. EINVAL: a name or an address that the kernel does not accept.
    /// </exception>
    public static TunDevice Open(string name, IPAddress address, int prefixLength) =>
        Open(ControlFile, name, address, prefixLength);

    /// <summary>Likewise, with another control file; for tests.</summary>
    internal static TunDevice Open(string controlFile, string name, IPAddress address, int prefixLength)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetwork)
            throw new ArgumentException("The address has to be an IPv4 address.", nameof(address));
        IPAddress netmask = SocketAddress.Netmask(prefixLength);
        string operation = $"create the TUN interface {name}";
        KernelHandle queue = OpenControl(controlFile, operation);
        try
        {
            string actualName = Attach(queue, name, operation);
            InterfaceSetup.Configure(actualName, address, netmask);
            return new TunDevice(queue, actualName);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>Injects one IP packet. When this returns true, the kernel's own processing of it is over. Allocates nothing.</summary>
    /// <param name="packet">Checksums included. The kernel copies it.</param>
    /// <returns>False if it was not taken, which may pass: somebody took the interface down, or memory is short.</returns>
    /// <exception cref="KernelException">EINVAL: not an IP packet. EBADFD: somebody deleted the interface.</exception>
    public unsafe bool TryWrite(ReadOnlySpan<byte> packet)
    {
        fixed (byte* data = packet)
        {
            while (Libc.Write(_queue, data, (nuint)packet.Length) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                switch (errno)
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EIO or Errno.ENETDOWN or Errno.EAGAIN or Errno.ENOMEM or Errno.ENOBUFS:
                        return false;
                    default:
                        throw new KernelException(_writeOperation, errno);
                }
            }
        }

        return true;
    }

    /// <summary>Closes the interface, and so removes it with its address and routes.</summary>
    public void Dispose() => _queue.Dispose();

    private static KernelHandle OpenControl(string path, string operation)
    {
        KernelHandle queue = Libc.Open(path, LinuxFcntl.O_RDWR | LinuxFcntl.O_NONBLOCK | LinuxFcntl.O_CLOEXEC, 0);
        if (!queue.IsInvalid)
            return queue;
        int errno = Marshal.GetLastPInvokeError();
        queue.Dispose();
        throw new KernelException(operation, errno, OpenHint(path, errno));
    }

    private static string? OpenHint(string path, int errno) => errno switch
    {
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO =>
            $"this system has no {path}; load the module (modprobe tun), and pass the device into a container",
        Errno.EACCES or Errno.EPERM => $"this user may not open {path}, which is usually open to all (mode 0666)",
        _ => null,
    };

    // Exclusive, since an existing interface would stay behind afterwards.
    private static string Attach(KernelHandle queue, string name, string operation)
    {
        InterfaceRequest request = new InterfaceRequest(name, operation)
            .With((ushort)(LinuxIfTun.IFF_TUN | LinuxIfTun.IFF_NO_PI | LinuxIfTun.IFF_TUN_EXCL));
        int errno = request.TryCall(queue, LinuxIfTun.TUNSETIFF);
        return errno == 0 ? request.Name : throw new KernelException(operation, errno, AttachHint(name, errno));
    }

    private static string? AttachHint(string name, int errno) => errno switch
    {
        Errno.EBUSY => $"an interface {name} exists already",
        Errno.EPERM => "CAP_NET_ADMIN is needed",
        _ => null,
    };
}
