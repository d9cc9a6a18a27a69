using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>Where the table's news goes, and what the table asks about peers' connections. Any thread may call any member.</summary>
/// <param name="toPeers">Takes this director's own connections to the peers; null on one that sends nothing.</param>
/// <param name="toKernel">Takes the peers' connections to the kernel; null without a kernel.</param>
/// <param name="destinations">The real servers of this director and its timeouts; null where the kernel cannot be asked.</param>
internal sealed class TableOutlets(Outlet? toPeers = null, Outlet? toKernel = null, DestinationCache? destinations = null)
{
    /// <summary>No way out.</summary>
    public static readonly TableOutlets None = new();

    /// <summary>To the peers.</summary>
    public Outlet? ToPeers => toPeers;

    /// <summary>To the kernel.</summary>
    public Outlet? ToKernel => toKernel;

    /// <summary>The timeouts of entries that carry none.</summary>
    public KernelTimeouts Timeouts => destinations?.Timeouts ?? KernelTimeouts.Default;

    /// <summary>The way of connections that were last heard of from <paramref name="origin"/>.</summary>
    public Outlet? Of(Origin origin) => origin == Origin.Local ? toPeers : toKernel;

    /// <summary>Binds a peer's entry to its real server here, as the kernel will.</summary>
    /// <returns>False if there is none; the entry is left as it is.</returns>
    public bool TryBind(in ConnectionEntry entry, out ConnectionEntry bound)
    {
        bound = entry;
        if (destinations is null)
            return true;
        if (!destinations.TryFind(entry, out ConnectionFlags method))
            return false;
        bound = BackupRules.Bind(entry, method);
        return true;
    }
}
