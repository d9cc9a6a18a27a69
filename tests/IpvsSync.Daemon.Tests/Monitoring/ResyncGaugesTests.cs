using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Peers;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IpvsSync.Daemon.Tests.Monitoring;

public sealed class ResyncGaugesTests : IDisposable
{
    private readonly Meter _meter = new("resync");
    private bool _isStarted = true;

    private ResyncSnapshot _resync = new(
        ResyncState.Learning, ResyncReason.Operator, ResyncOutcome.TimedOut, IsOpen: true, Teacher: null, Entries: 1234, Expected: 9876, ElapsedMs: 1500,
        [new ResyncRuns(ResyncReason.Start, ResyncOutcome.TimedOut, 1), new ResyncRuns(ResyncReason.Gap, ResyncOutcome.Full, 7)]);

    public ResyncGaugesTests() => new ResyncGauges(() => _isStarted, () => _resync, _meter).Register();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Ready_Gate_IsOpenOnlyInADirectorThatHasStarted()
    {
        Assert.Equal(1, Value<long>("ipvs_sync.ready"));
        _isStarted = false;
        Assert.Equal(0, Value<long>("ipvs_sync.ready"));
        (_isStarted, _resync) = (true, _resync with { IsOpen = false });
        Assert.Equal(0, Value<long>("ipvs_sync.ready"));
    }

    [Fact]
    public void Resync_Progress_IsMeasured()
    {
        Assert.Equal(1234, Value<long>("ipvs_sync.resync_entries"));
        Assert.Equal(9876, Value<long>("ipvs_sync.resync_expected_entries"));
        Assert.Equal(1.5, Value<double>("ipvs_sync.resync_duration"));
        Assert.Equal(["learning"], Set("ipvs_sync.resync_state", "state"));
        Assert.Equal(["timed out"], Set("ipvs_sync.resync_outcome", "outcome"));
    }

    [Fact]
    public void Resync_Runs_AreCountedByReasonAndOutcomeAndOthersAreZero()
    {
        IReadOnlyList<CollectedMeasurement<long>> runs = Collect<long>("ipvs_sync.resync_runs");
        Assert.Equal(30, runs.Count);
        Assert.Equal(1, Assert.Single(runs, run => Is(run, "start", "timed out")).Value);
        Assert.Equal(7, Assert.Single(runs, run => Is(run, "gap", "full")).Value);
        Assert.Equal(8, runs.Sum(run => run.Value));
    }

    private static bool Is(CollectedMeasurement<long> run, string reason, string outcome)
        => reason.Equals(run.Tags["reason"]) && outcome.Equals(run.Tags["outcome"]);

    private IEnumerable<object?> Set(string name, string label) => Collect<long>(name).Where(one => one.Value == 1).Select(one => one.Tags[label]);

    private T Value<T>(string name)
        where T : struct
        => Assert.Single(Collect<T>(name)).Value;

    private IReadOnlyList<CollectedMeasurement<T>> Collect<T>(string name)
        where T : struct
    {
        using MetricCollector<T> collector = new(_meter, name);
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot();
    }
}
