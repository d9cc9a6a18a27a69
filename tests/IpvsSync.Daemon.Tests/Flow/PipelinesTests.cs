using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Pipelines start together or not at all, and leave nothing open.</summary>
public sealed class PipelinesTests : IDisposable
{
    private static readonly SyncOptions s_options = new()
    {
        Interface = "lo",
        SyncPorts = 2,
        MaxMessageSize = 1400,
        Kernel = new KernelOptions { Mode = KernelMode.Attached },
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly MemoryHost _host;
    private readonly MemoryHost _peer;
    private readonly List<string> _faults = [];

    public PipelinesTests() => (_host, _peer) = (_network.AddHost(s_options, "192.0.2.1"), _network.AddHost(s_options, "192.0.2.2"));

    public void Dispose()
    {
        Assert.Empty(_faults);
        _network.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Enter_KernelHasFewerLanes_SaysSoAndClosesEverything(int listening)
    {
        IDatagramReceiver[] kernel = [.. Enumerable.Range(0, listening).Select(_host.OpenKernelBackup)];
        SyncOptions managed = s_options with { Kernel = new KernelOptions { Mode = KernelMode.Ipvs, PushIntervalMs = 0 } };

        KernelSessionException refusal = Assert.Throws<KernelSessionException>(() => Enter(Make(managed, _host.Follow()), managed));
        Assert.StartsWith($"The kernel's backup listens on {listening} of 2 ports.", refusal.Message, StringComparison.Ordinal);
        Array.ForEach(kernel, socket => socket.Dispose());
        Assert.Equal(0, _network.Listeners);
    }

    [Fact]
    public void Enter_AnotherKernelListensLater_IsNoFault()
    {
        Pipelines pipelines = Make(s_options, _host.Follow());
        Enter(pipelines, s_options);

        Assert.NotNull(pipelines.Master);
        Assert.NotNull(pipelines.Backup);
        Leave(pipelines);
        Assert.Equal(0, _network.Listeners);
    }

    [Fact]
    public void Enter_StrayPortIsTaken_RunsWithoutIt()
    {
        Pipelines pipelines = Make(s_options, new StrayRefused(_host.Follow(), Errno.EADDRINUSE));
        Enter(pipelines, s_options);

        Assert.DoesNotContain(pipelines.Backup!.Workers, worker => worker.Name == "recv/stray");
        Assert.Contains(pipelines.Backup.Workers, worker => worker.Name == "recv/1");
        Leave(pipelines);
    }

    [Fact]
    public void Enter_SocketIsRefused_ClosesEverything()
    {
        Pipelines pipelines = Make(s_options, new StrayRefused(_host.Follow(), Errno.EACCES));

        Assert.Throws<KernelException>(() => Enter(pipelines, s_options));
        Assert.Null(pipelines.Master);
        Assert.Null(pipelines.Backup);
        Assert.Equal(0, _network.Listeners);
    }

    [Fact]
    public void Enter_LastPortIsTheHighest_HasNoStrayPort()
    {
        SyncOptions highest = s_options with { Port = 65534 };
        Pipelines pipelines = Make(highest, new StrayRefused(_network.AddHost(highest, "192.0.2.3").Follow(), Errno.EACCES));
        Enter(pipelines, highest);

        Leave(pipelines);
    }

    [Fact]
    public void LeaveBackup_PeersWereHeard_AreForgotten()
    {
        Pipelines pipelines = Make(s_options, _host.Follow());
        Enter(pipelines, s_options);
        using (IDatagramSender sender = _peer.OpenPeerSender(1))
            Messages.Send(sender, [Entries.Tcp(1)]);
        Until.True(() => pipelines.Peers.Snapshots.Count == 1);
        Assert.Equal("192.0.2.2", pipelines.Peers.Snapshots[0].Name);

        Leave(pipelines);
        Assert.Empty(pipelines.Peers.Snapshots);
    }

    [Fact]
    public void Enter_KernelsBackupMustNotRun_PeersConnectionsWaitInTheTableUntilItMay()
    {
        using Ear kernel = new(_host.OpenKernelBackup(0), _host.OpenKernelBackup(1));
        using IDatagramSender sender = _peer.OpenPeerSender(0);
        Pipelines pipelines = Make(s_options, _host.Follow());
        ConnectionTable table = Enter(pipelines, s_options, injects: false);
        Send(1, 2);
        Assert.Null(pipelines.Inject);
        Assert.Empty(kernel.Heard);

        Enter(pipelines, s_options, table, injects: true);
        Send(3);
        AwaitSwept(1, 2, 3);

        pipelines.LeaveInject(new StopSteps(NullLogger.Instance));
        Send(4);
        Assert.DoesNotContain(4, kernel.Heard);
        Enter(pipelines, s_options, table, injects: true);
        AwaitSwept(4);
        Leave(pipelines);

        void Send(params int[] numbers)
        {
            Messages.Send(sender, numbers.Select(number => Entries.Tcp(number)));
            Until.True(() => numbers.All(number => table.TryGet(Entries.Tcp(number).Key, out _)));
        }

        void AwaitSwept(params int[] numbers) => Until.True(() =>
        {
            table.Sweep();
            return numbers.All(kernel.Heard.Contains);
        });
    }

    /// <summary>A start that fails has injected nothing: what was held back before it still waits for the one that succeeds.</summary>
    [Fact]
    public void Enter_AfterAStartThatFailed_InjectsWhatWasHeldBackBefore()
    {
        using Ear kernel = new(_host.OpenKernelBackup(0), _host.OpenKernelBackup(1));
        using IDatagramSender sender = _peer.OpenPeerSender(0);
        var time = new LaterTime();
        Pipelines pipelines = Make(s_options, _host.Follow(), time);
        ConnectionTable table = new(time, new TableOutlets(pipelines.ToPeers, pipelines.ToKernel));
        Enter(pipelines, s_options, table, injects: false);
        Messages.Send(sender, [Entries.Tcp(1)]);
        Until.True(() => table.TryGet(Entries.Tcp(1).Key, out _));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Throws<KernelException>(() => pipelines.Enter(
            s_options, injects: true, table, new WorkloadOptions(), () => throw new KernelException("start", Errno.EACCES)));
        Enter(pipelines, s_options, table, injects: true);
        Until.True(() =>
        {
            table.Sweep();
            return kernel.Heard.Contains(1);
        });
        Leave(pipelines);
    }

    private static ConnectionTable Enter(Pipelines pipelines, SyncOptions options, bool injects = true)
    {
        ConnectionTable table = new(TimeProvider.System, new TableOutlets(pipelines.ToPeers, pipelines.ToKernel));
        Enter(pipelines, options, table, injects);
        return table;
    }

    private static void Enter(Pipelines pipelines, SyncOptions options, ConnectionTable table, bool injects)
        => pipelines.Enter(options, injects, table, new WorkloadOptions(), () => { });

    private static void Leave(Pipelines pipelines)
    {
        pipelines.LeaveMaster(() => { }, new StopSteps(NullLogger.Instance));
        pipelines.LeaveBackup(new StopSteps(NullLogger.Instance));
    }

    private Pipelines Make(SyncOptions options, IWires wires, TimeProvider? time = null) => new(
        options, new SyncMetrics(_services.GetRequiredService<IMeterFactory>()), wires, IdleLearner.Make(), time ?? TimeProvider.System, NullLogger.Instance, NoteFault);

    private void NoteFault(Worker worker, Exception? fault)
    {
        lock (_faults)
            _faults.Add($"{worker.Name}: {fault}");
    }

    /// <summary>The system's clock, which the test sets forward.</summary>
    private sealed class LaterTime : TimeProvider
    {
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);
    }

    /// <summary>Wires whose stray port is refused.</summary>
    private sealed class StrayRefused(IWires inner, int errno) : IWires
    {
        public WireSize Size => inner.Size;

        public IReadOnlyList<ProbePath> Paths => inner.Paths;

        public IDatagramSender OpenPeerSender(int lane) => inner.OpenPeerSender(lane);

        public IReadOnlyList<LinkReceiver> OpenPeerReceivers(int lane) => inner.OpenPeerReceivers(lane);

        public IDatagramReceiver OpenStrayReceiver() => throw new KernelException("bind", errno);

        public IDatagramReceiver OpenFeed(int lane) => inner.OpenFeed(lane);

        public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);
    }
}
