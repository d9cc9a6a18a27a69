using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Simulation;

/// <summary>The number of times that each verdict was given. Live.</summary>
internal sealed class SyncTally
{
    private readonly long[] _counts = new long[SyncVerdicts.Count];

    /// <summary>The number of times that this verdict was given.</summary>
    public long this[SyncVerdict verdict] => _counts[(int)verdict];

    /// <summary>Counts one verdict.</summary>
    public void Add(SyncVerdict verdict) => _counts[(int)verdict]++;
}
