using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Workers;

/// <summary>A step of a stop that fails is logged, and those after it are made.</summary>
public sealed class StopStepsTests
{
    private readonly FakeLogger _log = new();
    private readonly StopSteps _steps;

    public StopStepsTests() => _steps = new StopSteps(_log);

    [Fact]
    public void Do_StepThatThrows_IsLoggedWithItsNameAndNotThrown()
    {
        Assert.False(_steps.Do("close the door", () => throw new InvalidCastException("it is open")));

        Assert.Equal((30, "The stop could not close the door; its other steps follow. it is open"), (_log.LatestRecord.Id.Id, _log.LatestRecord.Message));
        Assert.False(_steps.IsClean);
    }

    [Fact]
    public void Do_StepAfterAFailure_IsMade()
    {
        bool isMade = false;
        _steps.Do("fail", () => false);

        Assert.True(_steps.Do("go on", () => isMade = true));
        Assert.True(isMade);
        Assert.Equal((false, "go on"), (_steps.IsClean, _steps.Current));
    }

    [Fact]
    public void IsClean_AllStepsAreDone_IsTrue()
    {
        _steps.Do("count", () => { });

        Assert.True(_steps.IsClean);
        Assert.Equal(0, _log.Collector.Count);
    }
}
