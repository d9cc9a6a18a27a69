using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>The two outlets of the table, and the real servers that it asks for. Any thread may call any member.</summary>
/// <param name="toPeers">The outlet to the peers; null where nothing is sent.</param>
/// <param name="toKernel">The outlet to the kernel; null without a kernel.</param>
/// <param name="destinations">The real servers of this director and its timeouts; null where the kernel cannot be asked.</param>
internal sealed class TableOutlets(Outlet? toPeers = null, Outlet? toKernel = null, DestinationCache? destinations = null)
{
    /// <summary>No outlet.</summary>
    public static readonly TableOutlets None = new();

    /// <summary>The outlet to the peers, for this director's own connections; null where nothing is sent.</summary>
    public Outlet? ToPeers => toPeers;

    /// <summary>The outlet to the kernel, for the peers' connections; null without a kernel.</summary>
    public Outlet? ToKernel => toKernel;

    /// <summary>The timeouts of entries that carry none.</summary>
    public KernelTimeouts Timeouts => destinations?.Timeouts ?? KernelTimeouts.Default;

    /// <summary>The longest timeout that an entry can mean, in seconds.</summary>
    public uint LongestTimeout => destinations?.LongestTimeout ?? TimeoutBound.Unknown;

    /// <summary>The outlet for connections whose newest entry came from <paramref name="origin"/>.</summary>
    public Outlet? Of(Origin origin) => origin == Origin.Local ? toPeers : toKernel;

    /// <summary>Whether a service of this director stands at the very address and port of <paramref name="key"/>; false if that is not known.</summary>
    public bool HasServiceAt(in ConnectionKey key) => destinations?.Snapshot.HasServiceAt(key) == true;

    /// <summary>Servers whose connections the kernel has dropped since the last call.</summary>
    public LostServers TakeLost() => destinations?.TakeLost() ?? LostServers.None;

    /// <summary>Whether the kernel here would not use this template any more; see <see cref="DestinationCache.IsOver"/>.</summary>
    public bool IsOver(in ConnectionEntry template, long heardMs) => destinations?.IsOver(template, heardMs) == true;

    /// <summary>Whether connections to an entry's real server have ended with it here; see <see cref="DestinationCache.IsGone"/>.</summary>
    public bool IsGone(in ConnectionEntry entry) => destinations?.IsGone(entry) == true;

    /// <summary>Binds a peer's entry to its real server here, as the kernel will.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="flags">Its flags then; unchanged if there is no such server.</param>
    /// <returns>False if there is none.</returns>
    public bool TryBind(in ConnectionEntry entry, out ConnectionFlags flags)
    {
        flags = entry.Flags;
        if (destinations is null)
            return true;
        if (entry.KeyInPlace.IsTemplate)
            destinations.Templates.Note(entry, destinations.Snapshot);
        if (!destinations.TryFind(entry, out ConnectionFlags method))
            return false;
        flags = BackupRules.Bind(flags, method);
        return true;
    }
}
