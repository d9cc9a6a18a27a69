using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Simulation;

/// <summary>How often each verdict was given. Live.</summary>
internal sealed class SyncTally
{
    private readonly long[] _counts = new long[SyncVerdicts.Count];

    /// <summary>How often this one was given.</summary>
    public long this[SyncVerdict verdict] => _counts[(int)verdict];

    /// <summary>Counts one.</summary>
    public void Add(SyncVerdict verdict) => _counts[(int)verdict]++;
}
