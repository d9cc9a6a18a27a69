using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Table;

/// <summary>What a sweep has to do besides visiting what is due.</summary>
/// <param name="ToPeers">What the lanes to the peers lost.</param>
/// <param name="ToKernel">What the lanes to the kernel lost.</param>
/// <param name="Rebinds">Whether to look for the real servers of the peers' connections again.</param>
/// <param name="VisitsAll">Whether to visit all records: for any of these, and when an outlet's settings have changed.</param>
internal sealed record SweepRound(LaneLosses ToPeers, LaneLosses ToKernel, bool Rebinds, bool VisitsAll)
{
    /// <summary>What the lanes lost that lead on from <paramref name="origin"/>.</summary>
    public LaneLosses LossesOf(Origin origin) => origin == Origin.Local ? ToPeers : ToKernel;
}
