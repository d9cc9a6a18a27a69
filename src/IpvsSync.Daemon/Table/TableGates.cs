using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>Where the table's news goes, and what the table asks about peers' connections. Any thread may call any member.</summary>
/// <param name="wire">Takes this director's own connections to the peers; null on one that sends nothing.</param>
/// <param name="kernel">Takes the peers' connections to the kernel; null without a kernel.</param>
/// <param name="book">The real servers of this director and its timeouts; null where the kernel cannot be asked.</param>
internal sealed class TableGates(WireGate? wire = null, WireGate? kernel = null, DestinationBook? book = null)
{
    /// <summary>No way out.</summary>
    public static readonly TableGates None = new();

    /// <summary>To the peers.</summary>
    public WireGate? Wire => wire;

    /// <summary>To the kernel.</summary>
    public WireGate? Kernel => kernel;

    /// <summary>The timeouts of entries that carry none.</summary>
    public KernelTimeouts Timeouts => book?.Timeouts ?? KernelTimeouts.Default;

    /// <summary>The way of connections that were last heard of from <paramref name="origin"/>.</summary>
    public WireGate? Of(Origin origin) => origin == Origin.Local ? wire : kernel;

    /// <summary>Binds a peer's entry to its real server here, as the kernel will.</summary>
    /// <returns>False if there is none; the entry is left as it is.</returns>
    public bool TryBind(in ConnectionEntry entry, out ConnectionEntry bound)
    {
        bound = entry;
        if (book is null)
            return true;
        if (!book.TryFind(entry, out ConnectionFlags method))
            return false;
        bound = BackupRules.Bind(entry, method);
        return true;
    }
}
