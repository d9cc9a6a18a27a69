using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>Measures what a director learns from its peers, and whether it may take its addresses. Any thread may read.</summary>
/// <param name="isStarted">Whether the director has started.</param>
/// <param name="read">Reads how far it is that learns.</param>
/// <param name="meter">The meter that has the instruments.</param>
internal sealed class ResyncGauges(Func<bool> isStarted, Func<ResyncSnapshot> read, Meter meter)
{
    /// <summary>Creates the instruments. Call it once.</summary>
    public void Register()
    {
        meter.CreateObservableGauge(
            "ipvs_sync.ready", () => isStarted() && read().IsOpen ? 1L : 0, unit: null, "1 while the gate is open: this director knows its peers' connections, and may take its addresses.");
        meter.CreateObservableGauge("ipvs_sync.resync_state", States, unit: null, "1 for the state of this director's learning, 0 for the others.");
        meter.CreateObservableGauge("ipvs_sync.resync_outcome", Outcomes, unit: null, "1 for the outcome of this director's last learning, 0 for the others.");
        meter.CreateObservableGauge("ipvs_sync.resync_entries", () => read().Entries, "{entry}", "Entries that peers have told since the last learning began.");
        meter.CreateObservableGauge("ipvs_sync.resync_expected_entries", () => read().Expected, "{entry}", "Entries that the peers have said there would be.");
        meter.CreateObservableGauge("ipvs_sync.resync_duration", () => read().ElapsedMs / 1000.0, "s", "Time that the last learning took, or takes so far.");
        meter.CreateObservableCounter("ipvs_sync.resync_runs", Runs, unit: null, "How often this director has learnt, by reason and outcome.");
    }

    private IEnumerable<Measurement<long>> States()
    {
        ResyncState now = read().State;
        return Enum.GetValues<ResyncState>().Select(state => new Measurement<long>(state == now ? 1 : 0, Label("state", ResyncText.Name(state))));
    }

    private IEnumerable<Measurement<long>> Outcomes()
    {
        ResyncOutcome? last = read().Outcome;
        return Enum.GetValues<ResyncOutcome>().Select(outcome => new Measurement<long>(outcome == last ? 1 : 0, Label("outcome", ResyncText.Name(outcome))));
    }

    /// <summary>Also those that have not occurred: an increase from nothing would not be seen.</summary>
    private IEnumerable<Measurement<long>> Runs()
    {
        IReadOnlyList<ResyncRuns> runs = read().Runs;
        return from reason in Enum.GetValues<ResyncReason>()
               from outcome in Enum.GetValues<ResyncOutcome>()
               where outcome != ResyncOutcome.Off
               select new Measurement<long>(
                   runs.Where(run => run.Reason == reason && run.Outcome == outcome).Sum(run => run.Count),
                   Label("reason", ResyncText.Name(reason)),
                   Label("outcome", ResyncText.Name(outcome)));
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
