using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Workers;

/// <summary>A worker that waits moves, for however long; one that does not get done with one thing is found.</summary>
public sealed class WorkerWatchTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly Worker _first = Idle("recv/0");
    private readonly Worker _second = Idle("send/0");
    private readonly WorkerWatch _watch;

    public WorkerWatchTests() => _watch = new WorkerWatch([_first, _second], _time);

    [Fact]
    public void FindHanging_WorkersThatWait_FindsNone()
    {
        Assert.Null(HangingAfter(WorkerWatch.Patience * 100));
    }

    [Fact]
    public void FindHanging_WorkerThatGotDone_FindsNone()
    {
        _second.Pulse.TakeUp();
        Assert.Null(HangingAfter(WorkerWatch.Patience / 2));
        _second.Pulse.Rest();
        Assert.Null(HangingAfter(WorkerWatch.Patience * 2));
    }

    [Fact]
    public void FindHanging_WorkerAtOneThing_IsFoundWhenPatienceEnds()
    {
        _second.Pulse.TakeUp();
        Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
        Assert.Null(HangingAfter(WorkerWatch.Patience - TimeSpan.FromMilliseconds(1)));
        Assert.Same(_second, HangingAfter(TimeSpan.FromMilliseconds(1)));
        Assert.Same(_second, HangingAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void FindHanging_WorkerThatGoesOnAfterAll_IsForgiven()
    {
        _first.Pulse.TakeUp();
        _ = HangingAfter(TimeSpan.FromSeconds(1));
        Assert.Same(_first, HangingAfter(WorkerWatch.Patience));
        _first.Pulse.Rest();
        Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void FindHanging_BusyWorker_FindsNone()
    {
        for (int look = 0; look < 100; look++)
        {
            _first.Pulse.TakeUp();
            Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
            _first.Pulse.Rest();
            _first.Pulse.TakeUp();
        }
    }

    [Fact]
    public void FindHanging_WorkerThatTakesUpOneAfterTheOther_FindsNone()
    {
        for (int look = 0; look < 100; look++)
        {
            _first.Pulse.TakeUp();
            Assert.Null(HangingAfter(TimeSpan.FromSeconds(1)));
        }
    }

    private static Worker Idle(string name) => new(name, () => { }, new WorkerPulse(), (_, _) => { });

    private Worker? HangingAfter(TimeSpan time)
    {
        _time.Advance(time);
        return _watch.FindHanging();
    }
}
