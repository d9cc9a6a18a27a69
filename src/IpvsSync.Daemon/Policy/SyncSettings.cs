using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The settings of the policy with the kernel's names (spec §4.6). The default is the kernel's, at 1000 ticks per second.
/// </summary>
internal sealed record SyncSettings
{
    /// <summary>The first number of <c>sync_threshold</c>, in packets.</summary>
    public int Threshold { get; init; } = 3;

    /// <summary>The second number of <c>sync_threshold</c>, <c>sync_period</c>, in packets; 0 means none.</summary>
    public int Period { get; init; } = 50;

    /// <summary><c>sync_refresh_period</c> in ticks; 0 means none.</summary>
    public long RefreshTicks { get; init; }

    /// <summary><c>sync_retries</c>: repetitions between two refreshes, 0 to 3.</summary>
    public int Retries { get; init; }

    /// <summary><c>sync_persist_mode</c>: a template is sent instead of the connections under it.</summary>
    public bool PersistMode { get; init; }

    /// <summary><c>sync_version</c>: selects one of the two walks along the chain, and whether IPv6 is sent.</summary>
    public SyncVersion Version { get; init; } = SyncVersion.V1;

    /// <summary>The kernel's HZ: all ticks have this rate.</summary>
    public int TicksPerSecond { get; init; } = 1000;
}
