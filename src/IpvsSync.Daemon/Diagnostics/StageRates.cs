namespace IpvsSync.Daemon.Diagnostics;

/// <summary>What passed each stage between the last two samples. One thread samples; any thread may ask.</summary>
/// <param name="metrics">What is counted.</param>
/// <param name="time">The clock.</param>
internal sealed class StageRates(SyncMetrics metrics, TimeProvider time)
{
    private long _sampledMs = time.Milliseconds();
    private (long Messages, long Entries, long Bytes)[] _before = [.. metrics.Stages.Select(Count)];
    private StageRate[] _rates = new StageRate[metrics.Stages.Count];

    /// <summary>By stage, in flow order.</summary>
    public IReadOnlyList<StageRate> Latest => Volatile.Read(ref _rates);

    /// <summary>Counts anew.</summary>
    public void Sample()
    {
        long nowMs = time.Milliseconds();
        double seconds = (nowMs - _sampledMs) / 1000.0;
        if (seconds <= 0)
            return;
        (long Messages, long Entries, long Bytes)[] now = [.. metrics.Stages.Select(Count)];
        Volatile.Write(ref _rates, [.. now.Zip(_before, (after, before) => new StageRate(
            (after.Messages - before.Messages) / seconds, (after.Entries - before.Entries) / seconds, (after.Bytes - before.Bytes) / seconds))]);
        (_before, _sampledMs) = (now, nowMs);
    }

    private static (long Messages, long Entries, long Bytes) Count(StageCounters stage) => (stage.Messages, stage.Entries, stage.Bytes);
}
