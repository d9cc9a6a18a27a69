using System.Net;
using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Looks at the receive queue of a socket that belongs to somebody else: the kernel's sync backup, bound to its group and port
/// in this network namespace. For one thread.
/// </summary>
/// <remarks>
/// Asks by socket diagnostics (udp_diag), which gives the limit too and costs one exchange whatever number of sockets there are;
/// on a kernel without it reads the text files under /proc/net, with the system's default as limit. Needs no privilege.
/// If several sockets share group, port and interface it is not defined whose queue is shown.
/// </remarks>
public sealed class UdpQueueProbe : IDisposable
{
    private readonly uint _interfaceIndex;
    private readonly UdpQueueFiles _files;
    private UdpQueueDiagnostics? _diagnostics;

    private UdpQueueProbe(uint interfaceIndex, UdpQueueDiagnostics? diagnostics, UdpQueueFiles files)
    {
        _interfaceIndex = interfaceIndex;
        _diagnostics = diagnostics;
        _files = files;
    }

    /// <summary>Whether the kernel answers by socket diagnostics, so far as is known.</summary>
    internal bool UsesDiagnostics => _diagnostics != null;

    /// <summary>Opens a probe in the network namespace of the calling thread.</summary>
    /// <param name="interfaceName">The interface that the socket listens on; null if it does not matter.</param>
    /// <exception cref="KernelException">ENODEV, naming the interfaces that exist, if there is none of that name.</exception>
    public static UdpQueueProbe Open(string? interfaceName = null)
    {
        uint index = interfaceName is null ? 0 : NetworkInterfaces.Require(interfaceName);
        return new UdpQueueProbe(index, UdpQueueDiagnostics.TryOpen(), new UdpQueueFiles("/proc"));
    }

    /// <summary>The same without socket diagnostics.</summary>
    internal static UdpQueueProbe OpenFiles() => new(0, null, new UdpQueueFiles("/proc"));

    /// <summary>The queue of the socket bound to that group and port, or null if there is none. Allocates nothing by diagnostics.</summary>
    /// <exception cref="KernelException">The kernel gives neither a message nor a file.</exception>
    public UdpQueue? Query(IPAddress group, int port)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)port, ushort.MaxValue, nameof(port));
        if (_diagnostics == null)
            return _files.Query(group, port);
        if (_diagnostics.TryQuery(group, port, _interfaceIndex, out UdpQueue? queue))
            return queue;

        _diagnostics.Dispose();
        _diagnostics = null;
        return _files.Query(group, port);
    }

    /// <summary>Closes the netlink socket.</summary>
    public void Dispose() => _diagnostics?.Dispose();
}
