using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Workers;

/// <summary>A worker that waits moves, for however long; one that does not get done with one thing is found.</summary>
public sealed class HangDetectorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly Worker _first = Idle("recv/0");
    private readonly Worker _second = Idle("send/0");
    private readonly HangDetector _watch;

    public HangDetectorTests() => _watch = new HangDetector([_first, _second], _time);

    [Fact]
    public void FindHanging_WorkersThatWait_FindsNone()
    {
        Assert.Null(HangingAfter(FlowConstants.HangTimeout * 100));
    }

    [Fact]
    public void FindHanging_WorkerThatGotDone_FindsNone()
    {
        _second.Activity.Begin();
        Assert.Null(HangingAfter(FlowConstants.HangTimeout / 2));
        _second.Activity.End();
        Assert.Null(HangingAfter(FlowConstants.HangTimeout * 2));
    }

    [Fact]
    public void FindHanging_WorkerAtOneThing_IsFoundWhenPatienceEnds()
    {
        _second.Activity.Begin();
        Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
        Assert.Null(HangingAfter(FlowConstants.HangTimeout - TimeSpan.FromMilliseconds(1)));
        Assert.Same(_second, HangingAfter(TimeSpan.FromMilliseconds(1)));
        Assert.Same(_second, HangingAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void FindHanging_WorkerThatGoesOnAfterAll_IsForgiven()
    {
        _first.Activity.Begin();
        _ = HangingAfter(TimeSpan.FromSeconds(1));
        Assert.Same(_first, HangingAfter(FlowConstants.HangTimeout));
        _first.Activity.End();
        Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void FindHanging_BusyWorker_FindsNone()
    {
        for (int look = 0; look < 100; look++)
        {
            _first.Activity.Begin();
            Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
            _first.Activity.End();
            _first.Activity.Begin();
        }
    }

    [Fact]
    public void FindHanging_WorkerThatTakesUpOneAfterTheOther_FindsNone()
    {
        for (int look = 0; look < 100; look++)
        {
            _first.Activity.Begin();
            Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
        }
    }

    private static Worker Idle(string name) => new(name, () => { }, new WorkerActivity(), (_, _) => { });

    private Worker? HangingAfter(TimeSpan time)
    {
        _time.Advance(time);
        return _watch.FindHanging();
    }
}
