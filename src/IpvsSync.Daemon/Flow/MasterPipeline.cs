using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// From this director's kernel to the peers, in flow order: the kernel's feed or the embedded director, [the table,] an outlet, lanes,
/// senders; the pusher runs beside it. One thread opens, starts and stops it, once; another pipeline may follow it.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="wires">Opens the sockets.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Hears of each worker that ends.</param>
/// <param name="extensions">What the lanes say beyond the kernel's protocol; null if nothing.</param>
internal sealed class MasterPipeline(
    SyncOptions options, SyncMetrics metrics, IWires wires, TimeProvider time, ILogger log, WorkerExits exits, DirectorExtensions? extensions = null)
    : IDisposable
{
    /// <summary>Before any time of the table's clock.</summary>
    private const long Everything = long.MinValue / 2;

    private readonly PushAddresses _pushAddresses = new(options.Kernel.PushAddress);
    private readonly WorkerGroup _pushing = new(exits.Note, time, log);
    private readonly ReceivingLanes _feeds = new(new WorkerGroup(exits.Note, time, log));
    private readonly SendingLanes _senders = new(new WorkerGroup(exits.Note, time, log), metrics.Sent, time);
    private EmbeddedFeed? _embedded;
    private PushLaneMap? _pushLanes;
    private Pusher? _pusher;
    private volatile RingFeed? _ring;

    /// <summary>The receivers of the kernel's feed, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _feeds.Readers;

    /// <summary>The senders to the peers, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _senders.Writers;

    /// <summary>The embedded director in the kernel's place; null without one.</summary>
    public EmbeddedFeed? Embedded => _embedded;

    /// <summary>How connections leave the kernel. Any thread.</summary>
    public FeedSnapshot Feed => _ring?.Snapshot(_pusher is not null) ?? new FeedSnapshot(IsBpf: false, _pusher is not null, 0, 0, 0, 0);

    /// <summary>All workers of this pipeline, once it is open.</summary>
    public IEnumerable<Worker> Workers => [.. _feeds.Workers, .. _senders.Workers, .. _pushing.Workers];

    /// <summary>The outlet of this director's own connections to the peers, closed until a master pipeline opens it.</summary>
    public static Outlet MakeOutlet(SyncOptions options, SyncMetrics metrics) => new(lanes: null, KernelSettings.Refresh(options), metrics.Sent);

    /// <summary>How the messages to the peers are made.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="size">How large they may be.</param>
    public static LaneQueueOptions PeerQueue(SyncOptions options, WireSize size)
    {
        int trailerRoom = options.Extensions ? FlowConstants.TrailerRoom : 0;
        int messageSize = Math.Max(1, size.Most - trailerRoom);
        return new LaneQueueOptions(
            options.SyncVersion, (byte)options.SyncId, messageSize, QueueLimits.For(options, messageSize), options.FlushIntervalMs,
            History: SentHistory.CapacityFor(options.SyncPorts), TrailerRoom: trailerRoom, Wire: size);
    }

    /// <summary>Opens every socket and the outlet. All that was sent or held back before is sent again.</summary>
    /// <param name="table">Gets what the feed brings.</param>
    /// <param name="outlet">The outlet of <paramref name="table"/>.</param>
    /// <param name="workload">The traffic of the embedded director, if there is one.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void Open(ConnectionTable table, Outlet outlet, WorkloadOptions workload)
    {
        if (options.Kernel is { IsManaged: true, PushIntervalMs: > 0 })
            _pushLanes = new PushLaneMap(_pushAddresses, options.SyncPorts);
        if (options.Kernel is { IsManaged: true, Feed: not KernelFeed.Master })
            OpenRing(table);
        LaneQueueOptions queue = PeerQueue(options, wires.Size) with
        {
            BusyDepartures = _ring is null ? FlowConstants.BusyDepartures : FlowConstants.BusyDeparturesOfRing,
            Expected = table.Memory.Expected / options.SyncPorts,
        };
        _senders.Open(outlet, options.SyncPorts, queue, sinceMs: Everything, extensions);
        if (options.Kernel.Mode == KernelMode.Embedded)
            OpenEmbedded(table, outlet, workload);
        for (int lane = 0; lane < options.SyncPorts; lane++)
        {
            _senders.AddSender("send", wires.OpenPeerSender(lane), new WorkerActivity());
            if (options.Kernel.IsConnected)
                OpenFeed(table, lane);
        }
    }

    /// <summary>
    /// Makes the pusher's private service in the kernel, whose daemons run by now. Without it records wait longer. Where the BPF program tells of
    /// connections, nothing waits, and there is no pusher.
    /// </summary>
    public void OpenPusher()
    {
        if (_ring is null)
            MakePusher();
    }

    /// <summary>Once a second: where the BPF program has missed something, the pusher comes on, and stays. One thread, while the pipeline runs.</summary>
    public void CheckFeed()
    {
        if (_ring?.HasMissed(log) != true || _pusher is not null)
            return;
        MakePusher();
        _pushing.Start();
    }

    private void MakePusher()
    {
        if (_pushLanes is null)
            return;
        var path = new PushInterface(_pushAddresses, options.SyncPersistMode == 0, options.Kernel.Sysctls == SysctlMode.Set);
        _pusher = Pusher.TryOpen(path, _pushLanes, new PushPacer(TimeSpan.FromMilliseconds(options.Kernel.PushIntervalMs)), time, log);
        if (_pusher is not null)
            _pushing.Add("push", _pusher.Run, _pusher.Activity);
    }

    /// <summary>Starts the workers.</summary>
    public void Start()
    {
        _feeds.Start();
        _senders.Start();
        _pushing.Start();
        for (int lane = 0; lane < Writers.Count; lane++)
            log.SyncThreadStarted("MASTER", options.Interface.ToString(), options.SyncId, lane, options.Port + lane);
    }

    /// <summary>Applies the feed's policy and the version of <paramref name="applied"/>; nothing that waits is dropped.</summary>
    public void Reload(SyncOptions applied)
    {
        _embedded?.Change(applied);
        _senders.ChangeVersion(applied.SyncVersion);
    }

    /// <summary>Pushes a last time and ends the pusher. The kernel's master may be stopped after it.</summary>
    public void StopPushing(StopSteps steps)
    {
        exits.Expect();
        _pusher?.Stop();
        steps.Do("end the pusher", _pushing.Join);
        steps.Do("close the pusher", () => _pusher?.Dispose());
    }

    /// <summary>Stops the feed, then lets the senders send what waits.</summary>
    public void Stop(StopSteps steps)
    {
        steps.Do("stop the embedded director", () => _embedded?.Stop());
        steps.Do("stop the ring", () => _ring?.Stop());
        _feeds.Stop(steps);
        _senders.Drain(steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feeds.Dispose();
        _senders.Dispose();
        _embedded?.Dispose();
        // A thread that did not end in time may still read the ring's memory. It stays, with the program, until this process ends.
        if (!_feeds.IsRunning)
            _ring?.Dispose();
    }

    private void OpenRing(ConnectionTable table)
    {
        if (wires.OpenRing(out FeedRefusal? refusal) is { } ring)
        {
            _ring = new RingFeed(ring, options, table, metrics.Feed, time);
            _feeds.AddWorker("feed/bpf", _ring.Receiver.Run, _ring.Receiver.Activity);
            log.FeedIsBpf();
        }
        else if (options.Kernel.Feed == KernelFeed.Bpf)
        {
            throw new KernelSessionException($"Kernel:Feed is Bpf, and there is no BPF program ({refusal!.Kind}): {refusal.Text}");
        }
        else
        {
            log.FeedIsMaster(refusal!.Kind.ToString(), refusal.Text);
        }
    }

    private void OpenFeed(ConnectionTable table, int lane)
    {
        IDatagramReceiver socket = wires.OpenFeed(lane);
        var reader = new ReaderOptions { SyncId = (byte)options.Kernel.SyncId };
        (PushLaneMap? pushes, RingFeed? ring) = (_pushLanes, _ring);
        EntryFilter? isKnown = pushes is null && ring is null ? null : (in ConnectionEntry entry)
            => pushes?.Claim(entry.KeyInPlace, lane) == true || ring?.Knows(entry.KeyInPlace) == true;
        _feeds.AddReceiver(
            "feed", socket, new Receiver(socket, reader, Origin.Local, table, metrics.Feed, KernelSettings.LargestFeedMessage(options), isKnown));
    }

    private void OpenEmbedded(ConnectionTable table, Outlet outlet, WorkloadOptions workload)
    {
        _embedded = new EmbeddedFeed(options, workload, table, outlet, metrics.Feed, time);
        _feeds.AddWorker("feed/0", _embedded.Run, _embedded.Activity);
    }
}
