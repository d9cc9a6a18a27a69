using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Wires;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Whether the process has stood still; time is the test's.</summary>
public sealed class HousekeepingTests : IDisposable
{
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(12);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryNetwork _network;
    private readonly Housekeeping _housekeeping;
    private readonly List<TimeSpan> _standstills = [];
    private Action? _round;

    public HousekeepingTests()
    {
        _network = new MemoryNetwork(_time);
        SyncOptions options = new() { Interface = "lo", Kernel = new KernelOptions { Mode = KernelMode.None } };
        var metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        var pipelines = new Pipelines(options, metrics, _network.AddHost(options, "192.0.2.1").Follow(), IdleLearner.Make(), _time, NullLogger.Instance, (_, _) => { });
        _housekeeping = new Housekeeping(pipelines, new Lock(), OnRound, () => { }, new SideDuties(_time, NullLogger.Instance), _time, NullLogger.Instance);
        _housekeeping.StoodStill += _standstills.Add;
    }

    public void Dispose()
    {
        _housekeeping.Dispose();
        _network.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void CheckStandstill_SleepTakesALittleLonger_IsNone()
    {
        Sleep(FlowConstants.HousekeepingInterval + FlowConstants.StandstillTime - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_standstills);
    }

    [Fact]
    public void CheckStandstill_SleepTakesMuchLonger_TellsHowLong()
    {
        Sleep(FlowConstants.HousekeepingInterval + s_late);
        Assert.Equal([s_late], _standstills);
    }

    [Fact]
    public void CheckStandstill_BetweenTwoLooks_TellsHowLong()
    {
        _housekeeping.Look = () => { };
        Sleep((FlowConstants.HousekeepingInterval / FlowConstants.LooksPerRound) + FlowConstants.StandstillTime);
        Assert.Equal([FlowConstants.StandstillTime], _standstills);
    }

    [Fact]
    public void Run_SomethingCannotWait_IsLookedAtSeveralTimesARound()
    {
        int looks = 0;
        int? looksBefore = null;
        _housekeeping.Look = () => looks++;
        _round = () =>
        {
            looksBefore = looks;
            _housekeeping.Stop();
        };
        _housekeeping.Run();

        Assert.Equal(FlowConstants.LooksPerRound - 1, looksBefore);
    }

    [Fact]
    public void Run_NothingElse_RoundsFollowEachOther()
    {
        int rounds = 0;
        _round = () =>
        {
            rounds++;
            _housekeeping.Stop();
        };
        _housekeeping.Run();

        Assert.Equal(1, rounds);
    }

    private void OnRound(int second) => _round?.Invoke();

    private void Sleep(TimeSpan time)
    {
        long slept = _time.GetTimestamp();
        _time.Advance(time);
        _housekeeping.CheckStandstill(slept);
    }
}
