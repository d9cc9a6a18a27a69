using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Counters;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// All counters by stage, in flow order, and the instruments that export them. One per process; any thread may use it. Counters and gauges
/// are read on demand; the histograms cost nothing while nobody listens.
/// </summary>
internal sealed class SyncMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "IpvsSync";

    // From the 1 ms of an idle lane to the 2 s that messages without news may wait, and beyond.
    private static readonly double[] s_lagBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 2.5, 5];

    // Around the usual refresh period of 60 s, up to the kernel's timeout of an established connection.
    private static readonly double[] s_stalenessBounds = [1, 2, 5, 10, 20, 30, 45, 60, 75, 90, 120, 180, 300, 600, 900];

    /// <summary>Creates the instruments of the stages.</summary>
    public SyncMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(MeterName);
        Histogram<double> lag = Meter.CreateHistogram(
            "ipvs_sync.lag",
            "s",
            "Time of a message in its lane: from the decision to send its first entry until it was handed to the socket, to the peers (sent) or to the kernel (injected).",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_lagBounds });
        Staleness = Meter.CreateHistogram(
            "ipvs_sync.staleness",
            "s",
            "Age of the last update of the peers' connections, for up to 1000 of them at each reading: how old the data is that a failover would use.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_stalenessBounds });
        Sent = new StageCounters("sent", lag);
        Injected = new StageCounters("injected", lag);
        Stages = [Feed, Sent, Received, Injected];
        AddStages(Meter);
    }

    /// <summary>The meter, for instruments that other classes add.</summary>
    public Meter Meter { get; }

    /// <summary>Counts what comes from this director's kernel.</summary>
    public StageCounters Feed { get; } = new("feed");

    /// <summary>Counts what goes to the peers.</summary>
    public StageCounters Sent { get; }

    /// <summary>Counts what comes from the peers.</summary>
    public StageCounters Received { get; } = new("received");

    /// <summary>Counts what goes into this director's kernel.</summary>
    public StageCounters Injected { get; }

    /// <summary>All stages, in flow order.</summary>
    public IReadOnlyList<StageCounters> Stages { get; }

    /// <summary>Records the ages of the peers' connections, in seconds since their last update.</summary>
    public Histogram<double> Staleness { get; }

    private void AddStages(Meter meter)
    {
        meter.CreateObservableCounter("ipvs_sync.messages", () => Observe(stage => stage.Messages), "{message}", "Sync messages that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.entries", () => Observe(stage => stage.Entries), "{entry}", "Connection entries that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.bytes", () => Observe(stage => stage.Bytes), "By", "UDP payload that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.lost", () => Observe(stage => stage.Lost), "{message}", "Messages lost at a stage: full queue, full socket, failed send.");
        meter.CreateObservableCounter("ipvs_sync.coalesced", () => Observe(stage => stage.Coalesced), "{entry}", "Entries that replaced an older, unsent entry of the same connection.");
        meter.CreateObservableCounter("ipvs_sync.postponed", () => Observe(stage => stage.Postponed), "{entry}", "Entries without news that were postponed.");
        meter.CreateObservableCounter("ipvs_sync.older", () => Observe(stage => stage.Older), "{entry}", "Entries that were older than the known state: delayed, reordered or duplicated.");
        meter.CreateObservableCounter("ipvs_sync.shortened", () => Observe(stage => stage.Shortened), "{entry}", "Entries whose timeout was longer than any that is meant, and was shortened.");
        meter.CreateObservableCounter("ipvs_sync.refused", ObserveRefusals, "{refusal}", "Entries and messages refused, by reason.");
    }

    private IEnumerable<Measurement<long>> Observe(Func<StageCounters, long> value)
        => Stages.Select(stage => new Measurement<long>(value(stage), new KeyValuePair<string, object?>("stage", stage.Stage)));

    /// <summary>
    /// Only what has occurred, as there are some 30 reasons a stage. The one that an alert looks for is always there: a rise needs a value before.
    /// </summary>
    private IEnumerable<Measurement<long>> ObserveRefusals()
        => from stage in Stages
           from reason in RefusalReason.All
           let count = stage.Refused(reason)
           where count > 0 || (stage == Received && reason.Codec == Refusal.OtherSyncId)
           select new Measurement<long>(count, new("stage", stage.Stage), new KeyValuePair<string, object?>("reason", reason.Name));
}
