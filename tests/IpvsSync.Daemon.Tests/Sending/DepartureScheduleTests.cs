using IpvsSync.Daemon.Sending;

namespace IpvsSync.Daemon.Tests.Sending;

public sealed class DepartureScheduleTests
{
    // A clock of 10 ticks a millisecond that began long ago.
    private const long Frequency = 10_000;
    private const long Now = 77_777_777;
    private const int FlushMs = 20;
    private const int Busy = 5;

    private readonly DepartureSchedule _schedule = new(FlushMs, Busy, Frequency, Now);

    [Fact]
    public void NewsDueAt_IdleLane_IsNow() => Assert.Equal(Now, _schedule.NewsDueAt);

    [Fact]
    public void NewsDueAt_FewerDeparturesThanTheBusyRate_IsAtOnce()
    {
        for (int i = 1; i < Busy; i++)
            _schedule.NoteDeparture(Now);
        Assert.Equal(Now, _schedule.NewsDueAt);
    }

    [Fact]
    public void NewsDueAt_BusyLane_IsAFlushIntervalAfterTheOldestOfTheLastDepartures()
    {
        for (int i = 0; i < Busy; i++)
            _schedule.NoteDeparture(Now + i);
        Assert.Equal(Now + (FlushMs * 10), _schedule.NewsDueAt);
        _schedule.NoteDeparture(Now + 100);
        Assert.Equal(Now + 1 + (FlushMs * 10), _schedule.NewsDueAt);
    }

    [Fact]
    public void DeferredDueAt_IsTheDelayAfterTheBeginWhateverHasLeft()
    {
        _schedule.NoteDeparture(Now);
        Assert.Equal(Now + 3 + (FlowConstants.DeferredMs * 10), _schedule.DeferredDueAt(Now + 3));
    }
}
