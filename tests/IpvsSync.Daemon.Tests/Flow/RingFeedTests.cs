using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Kernel;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>The ring as a source, and the kernel's master behind it.</summary>
public sealed class RingFeedTests : IDisposable
{
    private static readonly SyncOptions s_options = new()
    {
        Interface = "lo",
        MaxMessageSize = 1400,
        Kernel = new KernelOptions { Mode = KernelMode.Ipvs, PushIntervalMs = 0 },
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly FakeLogger _log = new();
    private readonly MemoryHost _host;
    private readonly SyncMetrics _metrics;
    private readonly Outlet _outlet;
    private readonly ConnectionTable _table;
    private readonly IDatagramSender _master;
    private MasterPipeline? _pipeline;

    public RingFeedTests()
    {
        _host = _network.AddHost(s_options, "192.0.2.1");
        _metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        _outlet = MasterPipeline.MakeOutlet(s_options, _metrics);
        _table = new ConnectionTable(TimeProvider.System, new TableOutlets(_outlet));
        _master = _host.OpenKernelMaster(0);
    }

    public void Dispose()
    {
        Stop();
        _master.Dispose();
        _network.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Record_OfTheRing_IsInTheTableBeforeTheMasterSpeaks()
    {
        FakeRing ring = Start();
        ring.Write(Entries.Tcp(1));
        Until.True(() => _table.Count == 1);
        Messages.Send(_master, [Entries.Tcp(1)]);
        Until.True(() => Feed.Confirmed == 1);
        Assert.Equal((true, false, 1, 0, 0), (Feed.IsBpf, Feed.IsPushed, Feed.Records, Feed.Missed, Feed.Dropped));
        Assert.Contains(124, Events);
    }

    /// <summary>The master is up to 3 s late: what it says of a connection that has moved on is old.</summary>
    [Fact]
    public void OldStateOfTheMaster_AfterANewOneOfTheRing_ChangesNothing()
    {
        FakeRing ring = Start();
        ring.Write(Entries.Tcp(1, state: 1));
        ring.Write(Entries.Tcp(1, state: 4));
        Messages.Send(_master, [Entries.Tcp(1, state: 1)]);
        Until.True(() => Feed.Confirmed == 1);
        Assert.Equal(4, State(1));
        Messages.Send(_master, [Entries.Tcp(1, state: 4)]);
        Until.True(() => Feed.Confirmed == 2);
        Assert.Equal((4, 0), (State(1), Feed.Missed));
    }

    [Fact]
    public void RecordThatTheRingHasMissed_ComesFromTheMasterAndIsSaid()
    {
        FakeRing ring = Start();
        ring.Write(Entries.Tcp(1));
        Messages.Send(_master, [Entries.Tcp(1), Entries.Tcp(2)]);
        Until.True(() => _table.Count == 2);
        Assert.Equal((1, 1), (Feed.Confirmed, Feed.Missed));
        _pipeline!.CheckFeed();
        _pipeline.CheckFeed();
        Assert.Single(Events, 126);
    }

    [Fact]
    public void RecordsWithoutRoom_AreSaidEachTimeThereAreMore()
    {
        FakeRing ring = Start();
        _pipeline!.CheckFeed();
        Assert.DoesNotContain(126, Events);
        ring.Drop(3);
        _pipeline.CheckFeed();
        Assert.Equal(3, Feed.Dropped);
        ring.Drop(1);
        _pipeline.CheckFeed();
        Assert.Equal(2, Events.Count(id => id == 126));
    }

    /// <summary>The master is heard all the same, and nothing counts as missed that the ring has.</summary>
    [Fact]
    public void ReaderOfTheRing_StandsStillForLong_HasMissedNothing()
    {
        FakeRing ring = Start();
        ring.Hold();
        ring.Write(Entries.Tcp(1));
        ring.Write(Entries.Tcp(2));
        Messages.Send(_master, [Entries.Tcp(1), Entries.Tcp(2)]);
        Until.True(() => _table.Count == 2);
        Assert.Equal((0, 0), (Feed.Confirmed, Feed.Missed));
        ring.LetGo();
        Until.True(() => Feed.Confirmed == 2);
        Assert.Equal(0, Feed.Missed);
    }

    /// <summary>Whichever thread is first: nothing is missed, and nothing of the ring is taken for old.</summary>
    [Fact]
    public void RingAndMaster_AtTheSameTime_AgreeOnEveryRecord()
    {
        const int Records = 5_000;
        FakeRing ring = Start();
        for (int i = 0; i < Records; i++)
        {
            ring.Write(Entries.Tcp(i % 100, state: (ushort)(i % 2 == 0 ? 1 : 4)));
            Messages.Send(_master, [Entries.Tcp(i % 100, state: (ushort)(i % 2 == 0 ? 1 : 4))]);
        }

        Until.True(() => Feed.Confirmed + Feed.Missed == Records);
        Assert.Equal((Records, Records, 0), (Feed.Records, Feed.Confirmed, Feed.Missed));
    }

    /// <summary>The ninth would wait for the rest of the flush interval if its lane were as busy as one that the master feeds.</summary>
    [Fact]
    public void Records_OneAfterTheOther_LeaveAtOnceEach()
    {
        FakeRing ring = Start(s_options with { FlushIntervalMs = 10_000 }, withRing: true);
        for (int i = 1; i <= FlowConstants.BusyDeparturesOfRing; i++)
        {
            ring.Write(Entries.Tcp(i));
            Until.True(() => _metrics.Sent.Messages == i);
        }
    }

    [Fact]
    public void Feed_NoProgram_IsTheMasterAndSaysWhy()
    {
        Start(new KernelOptions { Mode = KernelMode.Ipvs, PushIntervalMs = 0 }, withRing: false);
        Messages.Send(_master, [Entries.Tcp(1)]);
        Until.True(() => _table.Count == 1);
        Assert.False(Feed.IsBpf);
        Assert.Single(Events, 125);
    }

    [Fact]
    public void Feed_Master_AsksForNoProgram()
    {
        Start(new KernelOptions { Mode = KernelMode.Ipvs, PushIntervalMs = 0, Feed = KernelFeed.Master }, withRing: true);
        Assert.False(Feed.IsBpf);
        Assert.DoesNotContain(Events, id => id is 124 or 125);
    }

    [Fact]
    public void Feed_BpfWithoutAProgram_IsAnError()
    {
        KernelSessionException refusal = Assert.Throws<KernelSessionException>(
            () => Start(new KernelOptions { Mode = KernelMode.Ipvs, PushIntervalMs = 0, Feed = KernelFeed.Bpf }, withRing: false));
        Assert.StartsWith("Kernel:Feed is Bpf, and there is no BPF program (Unsupported): ", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A thread that did not end in time goes on to read its memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ring_IsClosedOnceItsReaderHasEnded(bool isStuck)
    {
        FakeRing ring = Start();
        Until.True(() => ring.IsWaiting);
        if (isStuck)
            ring.Stick();
        Stop();
        Assert.Equal(!isStuck, ring.IsDisposed);
        if (isStuck)
            ring.Loosen();
    }

    private FeedSnapshot Feed => _pipeline!.Feed;

    private IEnumerable<int> Events => _log.Collector.GetSnapshot().Select(record => record.Id.Id);

    private int State(int number) => _table.TryGet(Entries.Tcp(number).Key, out ConnectionRecord record) ? record.Entry.State : -1;

    private void Stop()
    {
        _pipeline?.StopPushing(new StopSteps(_log));
        _pipeline?.Stop(new StopSteps(_log));
        _pipeline?.Dispose();
        _pipeline = null;
    }

    private FakeRing Start() => Start(s_options, withRing: true);

    private FakeRing Start(KernelOptions kernel, bool withRing) => Start(s_options with { Kernel = kernel }, withRing);

    private FakeRing Start(SyncOptions options, bool withRing)
    {
        var ring = new FakeRing();
        _host.Ring = withRing ? ring : null;
        _pipeline = new MasterPipeline(options, _metrics, _host.Follow(), TimeProvider.System, _log, new WorkerExits((_, _) => { }, _log));
        _pipeline.Open(_table, _outlet, new WorkloadOptions());
        _pipeline.OpenPusher();
        _pipeline.Start();
        return ring;
    }
}
