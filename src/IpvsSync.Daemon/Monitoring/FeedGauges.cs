using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Flow;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>Measures how connections leave the kernel. Any thread may read.</summary>
/// <param name="read">Reads it; all zero while nothing does.</param>
/// <param name="meter">The meter that has the instruments.</param>
internal sealed class FeedGauges(Func<FeedSnapshot> read, Meter meter)
{
    /// <summary>Creates the instruments. Call it once.</summary>
    public void Register()
    {
        meter.CreateObservableGauge("ipvs_sync.feed_bpf", () => read().IsBpf ? 1L : 0, unit: null, "1 while a BPF program tells of this director's connections.");
        meter.CreateObservableGauge("ipvs_sync.feed_pushed", () => read().IsPushed ? 1L : 0, unit: null, "1 while the records of the kernel's master are pushed out.");
        meter.CreateObservableCounter("ipvs_sync.feed_records", Records, "{record}", "Records of the BPF program, and of the kernel's master beside it, by outcome.");
    }

    private IEnumerable<Measurement<long>> Records()
    {
        FeedSnapshot now = read();
        return
        [
            new(now.Records, Label("told")), new(now.Confirmed, Label("confirmed")), new(now.Missed, Label("missed")), new(now.Dropped, Label("dropped")),
        ];
    }

    private static KeyValuePair<string, object?> Label(string outcome) => new("outcome", outcome);
}
