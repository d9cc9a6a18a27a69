using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What a worker does beside its work cannot end it; a lost kernel does.</summary>
public sealed class SideDutiesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _log = new();
    private readonly SideDuties _duties;

    public SideDutiesTests() => _duties = new SideDuties(_time, _log);

    [Fact]
    public void Do_DutyThatFailsEachSecond_IsLoggedOnceInAnInterval()
    {
        for (int second = 0; second < 2 * LossReporter.IntervalSeconds; second++)
        {
            _duties.Do("dust", () => throw new InvalidCastException("no broom"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _log.Collector.Count);
        Assert.Equal((31, "Housekeeping could not dust; it goes on, and tries again. no broom"), (_log.LatestRecord.Id.Id, _log.LatestRecord.Message));
    }

    [Fact]
    public void Do_TwoDutiesThatFail_AreBothLogged()
    {
        _duties.Do("dust", () => throw new InvalidCastException());
        _duties.Do("wipe", () => throw new InvalidCastException());

        Assert.Equal(2, _log.Collector.Count);
    }

    [Fact]
    public void Do_KernelIsLost_IsNoDuty()
        => Assert.Throws<KernelSessionException>(() => _duties.Do("dust", () => throw new KernelSessionException("lost")));
}
