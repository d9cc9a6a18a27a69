namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The rates of each stage between the last two samples. One thread samples; any thread may read.</summary>
/// <param name="metrics">The counters.</param>
/// <param name="time">The clock.</param>
internal sealed class StageRates(SyncMetrics metrics, TimeProvider time)
{
    private readonly Rates _rates = new(() => [.. metrics.Stages.SelectMany(stage => (long[])[stage.Messages, stage.Entries, stage.Bytes])], time);

    /// <summary>The rates by stage, in flow order.</summary>
    public IReadOnlyList<StageRate> Latest => [.. _rates.Latest.Chunk(3).Select(rates => new StageRate(rates[0], rates[1], rates[2]))];

    /// <summary>Takes a sample.</summary>
    public void Sample() => _rates.Sample();
}
