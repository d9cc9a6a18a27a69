using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class EmbeddedFeedTests
{
    private static readonly SyncOptions s_options = new() { Interface = "lo", SyncThreshold = 3, SyncPeriod = 50, SyncRefreshPeriod = 60, SyncRetries = 0 };
    private static readonly WorkloadOptions s_workload = new() { ConnectionsPerSecond = 200 };

    private readonly StageCounters _counters = new("feed");
    private readonly LongStep _time = new(TimeSpan.FromSeconds(5));

    [Fact]
    public void Run_FiveSecondsOfTraffic_TellsTheTableWhatThePolicySent()
    {
        ConnectionTable table = Run();

        Assert.InRange(table.Count, 100, 2000);
        Assert.All(table.ToList(), record => Assert.Equal(Origin.Local, record.Origin));
        Assert.InRange(_counters.Entries, table.Count, int.MaxValue);
    }

    [Fact]
    public void Run_FullTable_CountsWhatItRefuses()
    {
        ConnectionTable table = Run(limit: 10);

        Assert.Equal(10, table.Count);
        Assert.InRange(_counters.Refused(TableRefusal.Full), 1, _counters.Entries);
    }

    [Fact]
    public void Run_OtherPolicy_SendsAccordingToIt()
    {
        Run();
        long before = _counters.Entries;
        var strict = new StageCounters("feed");
        using EmbeddedFeed feed = Feed(new ConnectionTable(_time), strict);
        feed.Change(s_options with { SyncThreshold = 1000, SyncPeriod = 2000 });
        feed.Stop();
        feed.Run();

        Assert.InRange(strict.Entries, 0, before - 1);
    }

    [Fact]
    public async Task Run_OnItsThread_FeedsUntilStopped()
    {
        using EmbeddedFeed feed = Feed(new ConnectionTable(TimeProvider.System), _counters, TimeProvider.System);
        Task worker = Task.Factory.StartNew(feed.Run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => feed.Activity.Turns > 4, TimeSpan.FromMinutes(1));
        feed.Stop();
        await worker.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(0, feed.Activity.Turns % 2);
    }

    [Fact]
    public void Policy_Options_IsTheFeeds()
    {
        SyncSettings policy = EmbeddedFeed.Policy(s_options with { SyncPersistMode = 1 });

        Assert.Equal((3, 50, 1, true), (policy.Threshold, policy.Period, policy.Retries, policy.PersistMode));
        Assert.Equal(20, policy.RefreshTicks / policy.TicksPerSecond);
    }

    /// <summary>One step of five seconds.</summary>
    private ConnectionTable Run(int limit = ConnectionTable.MaxConnections)
    {
        var table = new ConnectionTable(_time, limit: limit);
        using EmbeddedFeed feed = Feed(table, _counters);
        feed.Stop();
        feed.Run();
        return table;
    }

    private EmbeddedFeed Feed(ConnectionTable table, StageCounters counters, TimeProvider? time = null)
        => new(s_options, s_workload, table, new Outlet(lanes: null, KernelSettings.Refresh(s_options), counters), counters, time ?? _time);

    /// <summary>A clock that moves by one step whenever it is read.</summary>
    private sealed class LongStep(TimeSpan step) : TimeProvider
    {
        private long _now = 123_456_789;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
