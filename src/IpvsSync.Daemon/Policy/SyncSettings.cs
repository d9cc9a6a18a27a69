using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Policy;

/// <summary>The settings of the policy under the kernel's names (spec §4.6); without more, its defaults at 1000 ticks a second.</summary>
internal sealed record SyncSettings
{
    /// <summary>The first number of <c>sync_threshold</c>: packets.</summary>
    public int Threshold { get; init; } = 3;

    /// <summary>The second number of <c>sync_threshold</c>, <c>sync_period</c>: packets; 0 for none.</summary>
    public int Period { get; init; } = 50;

    /// <summary><c>sync_refresh_period</c> in ticks; 0 for none.</summary>
    public long RefreshTicks { get; init; }

    /// <summary><c>sync_retries</c>: repetitions between two refreshes, 0 to 3.</summary>
    public int Retries { get; init; }

    /// <summary><c>sync_persist_mode</c>: connections under a template are not sent, the template is.</summary>
    public bool PersistMode { get; init; }

    /// <summary><c>sync_version</c>: decides which of the two walks along the chain is taken, and whether IPv6 is sent.</summary>
    public SyncVersion Version { get; init; } = SyncVersion.V1;

    /// <summary>The kernel's HZ, which all ticks are counted in.</summary>
    public int TicksPerSecond { get; init; } = 1000;
}
