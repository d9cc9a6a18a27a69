using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

public sealed class LagTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Meter _meter = new("lag");
    private readonly MemoryWire _wire = new(batch: 32);

    public void Dispose()
    {
        _wire.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Step_MessagesThatWaited_TellFromTheirFirstEntryOn()
    {
        Histogram<double> lag = _meter.CreateHistogram<double>("lag");
        var counters = new StageCounters("sent", lag);
        // A message holds one entry: the second finishes the first.
        var queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 5, 60, 100, 20), counters, _time);
        var sender = new Sender(queue, _wire, counters);
        using MetricCollector<double> waits = new(lag);
        queue.Append(Entries.Tcp(1));
        _time.Advance(TimeSpan.FromMilliseconds(30));
        queue.Append(Entries.Tcp(2));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        sender.Step();

        Assert.Equal([0.035, 0.005], waits.GetMeasurementSnapshot().Select(wait => wait.Value));
        Assert.Equal("sent", waits.LastMeasurement!.Tags["stage"]);
    }

    [Fact]
    public void MeasuresWaits_NobodyListens_IsFalse()
        => Assert.False(new StageCounters("sent", _meter.CreateHistogram<double>("unheard")).MeasuresWaits);
}
