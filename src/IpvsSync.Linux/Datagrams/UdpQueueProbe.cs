using System.Net;
using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Reads the receive queue of a socket that another process or the kernel owns: here the kernel's sync backup, bound to its group and port
/// in this network namespace. For one thread.
/// </summary>
/// <remarks>
/// Uses socket diagnostics (udp_diag), which give the limit too and cost one exchange regardless of the number of sockets.
/// On a kernel without them it reads the text files under /proc/net and takes the system's default as the limit. Needs no privilege.
/// If several sockets share group, port and interface, it is undefined whose queue is returned.
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

    /// <summary>Whether socket diagnostics are in use; false once a query found that the kernel lacks them.</summary>
    internal bool UsesDiagnostics => _diagnostics != null;

    /// <summary>Opens a probe in the network namespace of the calling thread.</summary>
    /// <param name="interfaceName">The interface on which the socket listens; null if it does not matter.</param>
    /// <exception cref="KernelException">ENODEV if there is no interface of that name; the message names those that exist.</exception>
    public static UdpQueueProbe Open(string? interfaceName = null)
    {
        uint index = interfaceName is null ? 0 : NetworkInterfaces.Require(interfaceName);
        return new UdpQueueProbe(index, UdpQueueDiagnostics.TryOpen(), new UdpQueueFiles("/proc"));
    }

    /// <summary>Opens a probe that reads only the text files.</summary>
    internal static UdpQueueProbe OpenFiles() => new(0, null, new UdpQueueFiles("/proc"));

    /// <summary>
    /// The queue of the socket bound to that group and port, or null if there is none. Does not allocate with socket diagnostics.
    /// </summary>
    /// <exception cref="KernelException">The kernel offers neither socket diagnostics nor the text files.</exception>
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
