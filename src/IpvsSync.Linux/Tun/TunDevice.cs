using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Tun;

/// <summary>An IPv4 TUN interface: the kernel receives each packet written to it as if it had arrived on the interface.</summary>
/// <remarks>
/// <para>It exists in the network namespace of the thread that opened it, until this object is disposed or the process ends.</para>
/// <para>Packets that the kernel sends through it are never read: one stays in the interface's queue, the kernel drops all others.</para>
/// <para>CAP_NET_ADMIN is enough if the user may open <c>/dev/net/tun</c>. Any thread may write.</para>
/// </remarks>
public sealed class TunDevice : ITunDevice
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
    /// <param name="name">The name of the new interface; it must not exist.</param>
    /// <param name="address">The interface's own address, IPv4.</param>
    /// <param name="prefixLength">The prefix length of the network behind it, 0 to 32.</param>
    /// <param name="disableIPv6">Whether to turn IPv6 off on it, by its sysctl. Where that cannot be written, IPv6 stays as it is.</param>
    /// <exception cref="KernelException">
    /// ENOENT, ENODEV: the system has no TUN; the message says so. EACCES: this user may not open <c>/dev/net/tun</c>. EPERM: CAP_NET_ADMIN
    /// is missing. EBUSY: the interface exists. EINVAL: the kernel does not accept the name or the address.
    /// </exception>
    public static TunDevice Open(string name, IPAddress address, int prefixLength, bool disableIPv6 = true) =>
        Open(ControlFile, name, address, prefixLength, disableIPv6);

    /// <summary>Does the same with another control file; for tests.</summary>
    internal static TunDevice Open(string controlFile, string name, IPAddress address, int prefixLength, bool disableIPv6 = true)
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
            InterfaceSetup.Configure(actualName, address, netmask, disableIPv6);
            return new TunDevice(queue, actualName);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>Injects one IP packet. When this returns true, the kernel has processed the packet. Allocates nothing.</summary>
    /// <param name="packet">The packet with its checksums. The kernel copies it.</param>
    /// <returns>False if the kernel did not take it for a temporary reason: the interface is down, or memory is short.</returns>
    /// <exception cref="KernelException">EINVAL: not an IP packet. EBADFD: the interface was deleted.</exception>
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

    /// <summary>Closes the interface, which removes it with its address and routes.</summary>
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

    // Exclusive, because an existing interface would remain afterwards.
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
