using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Table;

/// <summary>What a sweep does besides visiting the records that are due.</summary>
/// <param name="ToPeers">What the lanes to the peers lost.</param>
/// <param name="ToKernel">What the lanes to the kernel lost.</param>
/// <param name="Rebinds">Whether to look for the real servers of the peers' connections again.</param>
/// <param name="Lost">The real servers with which connections end.</param>
/// <param name="Cells">Cells of this director's own connections that are to be told again; null for none.</param>
/// <param name="VisitsAll">Whether to visit every record: to rebind, after changed settings, and for losses that only their time finds.</param>
internal sealed record SweepRound(LaneLosses ToPeers, LaneLosses ToKernel, bool Rebinds, LostServers Lost, CellSet? Cells, bool VisitsAll)
{
    /// <summary>Nothing besides.</summary>
    public static readonly SweepRound None =
        new(LaneLosses.None, LaneLosses.None, Rebinds: false, LostServers.None, Cells: null, VisitsAll: false);

    /// <summary>The losses of connections whose newest entry came from <paramref name="origin"/>.</summary>
    public LaneLosses LossesOf(Origin origin) => origin == Origin.Local ? ToPeers : ToKernel;
}
