using System.Diagnostics.Metrics;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Everything that is counted, by stage in flow order, and the instruments that show it. One for the process; any thread may use it.
/// </summary>
internal sealed class SyncMetrics
{
    /// <summary>The name under which the instruments are found.</summary>
    public const string MeterName = "IpvsSync";

    /// <summary>Creates the instruments; their values are read when somebody asks.</summary>
    public SyncMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        meter.CreateObservableCounter("ipvs_sync.messages", () => Observe(stage => stage.Messages), "{message}", "Sync messages that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.entries", () => Observe(stage => stage.Entries), "{entry}", "Connection entries that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.bytes", () => Observe(stage => stage.Bytes), "By", "UDP payload that passed a stage.");
        meter.CreateObservableCounter("ipvs_sync.lost", () => Observe(stage => stage.Lost), "{message}", "Messages lost at a stage: full queue, full socket, failed send.");
        meter.CreateObservableCounter("ipvs_sync.coalesced", () => Observe(stage => stage.Coalesced), "{entry}", "Entries that took the place of an older one of the same connection before it left.");
        meter.CreateObservableCounter("ipvs_sync.postponed", () => Observe(stage => stage.Postponed), "{entry}", "Entries that said nothing new, and were left out for now.");
        meter.CreateObservableCounter("ipvs_sync.older", () => Observe(stage => stage.Older), "{entry}", "Entries that were older than what was known: delayed, reordered or sent twice.");
        meter.CreateObservableCounter("ipvs_sync.refused", ObserveRefusals, "{refusal}", "Entries and messages refused, by reason.");
    }

    /// <summary>From this director's kernel.</summary>
    public StageCounters Feed { get; } = new("feed");

    /// <summary>To the peers.</summary>
    public StageCounters Sent { get; } = new("sent");

    /// <summary>From the peers.</summary>
    public StageCounters Received { get; } = new("received");

    /// <summary>Into this director's kernel.</summary>
    public StageCounters Injected { get; } = new("injected");

    /// <summary>All stages, in flow order.</summary>
    public IReadOnlyList<StageCounters> Stages => [Feed, Sent, Received, Injected];

    private IEnumerable<Measurement<long>> Observe(Func<StageCounters, long> value)
        => Stages.Select(stage => new Measurement<long>(value(stage), new KeyValuePair<string, object?>("stage", stage.Stage)));

    private IEnumerable<Measurement<long>> ObserveRefusals()
    {
        foreach (StageCounters stage in Stages)
        {
            foreach (Refusal reason in StageCounters.Reasons)
            {
                if (stage.Refused(reason) is > 0 and long count)
                    yield return new(count, new("stage", stage.Stage), new KeyValuePair<string, object?>("reason", reason.ToString()));
            }
        }
    }
}
