using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Workers;

/// <summary>A worker that ends by itself is a fault of the daemon; one that was told to end is not, and its failure is logged.</summary>
public sealed class WorkerExitsTests
{
    private readonly FakeLogger _log = new();
    private readonly List<(string Worker, Exception? Fault)> _faults = [];
    private readonly WorkerExits _exits;

    public WorkerExitsTests() => _exits = new WorkerExits((worker, fault) => _faults.Add((worker.Name, fault)), _log);

    [Fact]
    public void Note_WorkerThatFails_IsAFault()
    {
        var fault = new InvalidOperationException("a fault");
        RunToEnd(() => throw fault);

        Assert.Equal([("odd", fault)], _faults);
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Note_WorkerThatReturnsByItself_IsAFault()
    {
        RunToEnd(() => { });

        Assert.Equal([("odd", null)], _faults);
    }

    [Fact]
    public void Note_WorkerThatReturnsWhenTold_IsNone()
    {
        _exits.Expect();
        RunToEnd(() => { });

        Assert.Empty(_faults);
        Assert.Equal(0, _log.Collector.Count);
    }

    [Fact]
    public void Note_WorkerThatFailsWhileItStops_IsLoggedWithItsName()
    {
        _exits.Expect();
        RunToEnd(() => throw new InvalidOperationException("a fault"));

        Assert.Empty(_faults);
        Assert.Equal((5, "a fault"), (_log.LatestRecord.Id.Id, _log.LatestRecord.Exception?.Message));
        Assert.Contains("odd", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Join_WorkerThatDoesNotEnd_IsLoggedAndNotWaitedForAnyLonger()
    {
        using var go = new ManualResetEventSlim();
        // The group's time is over at once: each reading of the clock is a minute later.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        var group = new WorkerGroup(_exits.Note, time, _log);
        group.Add("stuck", go.Wait, new WorkerActivity());
        _exits.Expect();
        group.Start();

        Assert.False(group.Join());
        Assert.Equal(4, _log.LatestRecord.Id.Id);
        Assert.Contains("stuck", _log.LatestRecord.Message, StringComparison.Ordinal);
        go.Set();
        Assert.True(group.Workers[0].Join(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Join_WorkersThatEnd_IsTrueUnlessOneFails(bool fails)
    {
        var group = new WorkerGroup(_exits.Note, TimeProvider.System, _log);
        _exits.Expect();
        group.Add("odd", () => _ = fails ? throw new InvalidOperationException("a fault") : 0, new WorkerActivity());
        group.Add("even", () => { }, new WorkerActivity());
        group.Start();

        Assert.Equal(!fails, group.Join());
    }

    private void RunToEnd(Action run)
    {
        var worker = new Worker("odd", run, new WorkerActivity(), _exits.Note);
        worker.Start();
        Assert.True(worker.Join(TimeSpan.FromSeconds(30)));
    }
}
