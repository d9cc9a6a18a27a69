using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The way out, in flow order: the kernel's feed or the embedded director, [the table,] an outlet, lanes, senders; and the pusher
/// beside it. One thread opens, starts and stops it; for one life, after which there may be another.
/// </summary>
/// <param name="options">What the operator asked for.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Told of each worker that ends.</param>
internal sealed class MasterPipeline(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger log, WorkerExits exits)
    : IDisposable
{
    /// <summary>Socket memory in bytes for the kernel's feed: its one-entry messages are small, and cost much for their size.</summary>
    private const int FeedBufferSize = 16 << 20;

    /// <summary>Before any time of the table's clock.</summary>
    private const long Everything = long.MinValue / 2;

    private readonly PushAddresses _pushAddresses = new(options.Kernel.PushAddress);
    private readonly List<IDatagramReceiver> _feedSockets = [];
    private readonly List<IDisposable> _outlets = [];
    private readonly List<Receiver> _readers = [];
    private readonly List<Sender> _writers = [];
    private readonly WorkerGroup _pushing = new(exits.Note, time, log);
    private readonly WorkerGroup _feeds = new(exits.Note, time, log);
    private readonly WorkerGroup _senders = new(exits.Note, time, log);
    private LaneQueue[] _queues = [];
    private Lanes? _lanes;
    private EmbeddedFeed? _embedded;
    private PushLaneMap? _pushLanes;
    private Pusher? _pusher;

    /// <summary>Who reads the kernel's feed, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _readers;

    /// <summary>Who sends to the peers, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _writers;

    /// <summary>All workers of this pipeline; those that there are when everything is open.</summary>
    public IEnumerable<Worker> Workers => [.. _feeds.Workers, .. _senders.Workers, .. _pushing.Workers];

    /// <summary>What of the table's news leaves: an outlet that is closed until a master pipeline opens it.</summary>
    public static Outlet MakeOutlet(SyncOptions options, SyncMetrics metrics) => new(lanes: null, KernelSettings.Refresh(options), metrics.Sent);

    /// <summary>Opens every socket and the outlet. The peers are told all that was told or held back before.</summary>
    /// <param name="table">Where the feed leads.</param>
    /// <param name="outlet">The outlet of <paramref name="table"/>.</param>
    /// <param name="workload">What passes the embedded director, if there is one.</param>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public void Open(ConnectionTable table, Outlet outlet, WorkloadOptions workload)
    {
        OpenLanes(outlet);
        if (options.Kernel is { IsManaged: true, PushIntervalMs: > 0 })
            _pushLanes = new PushLaneMap(_pushAddresses, options.SyncPorts);
        if (options.Kernel.Mode == KernelMode.Embedded)
            OpenEmbedded(table, outlet, workload);
        for (int lane = 0; lane < options.SyncPorts; lane++)
        {
            OpenSender(lane);
            if (options.Kernel.IsConnected)
                OpenFeed(table, lane);
        }
    }

    /// <summary>Makes the pusher's private place in the kernel, whose daemons run by now; without it records wait longer.</summary>
    public void OpenPusher()
    {
        if (_pushLanes is null)
            return;
        var path = new PushInterface(_pushAddresses, isPersistent: options.SyncPersistMode == 0);
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
        for (int lane = 0; lane < _writers.Count; lane++)
            log.SyncThreadStarted("MASTER", options.Interface, options.SyncId, lane, options.Port + lane);
    }

    /// <summary>Takes over the feed's policy and the version of <paramref name="applied"/>; nothing that waits is dropped.</summary>
    public void Reload(SyncOptions applied)
    {
        _embedded?.Change(applied);
        _lanes?.ChangeVersion(applied.SyncVersion);
    }

    /// <summary>A last push, and no more. The kernel's master may be stopped after it.</summary>
    public void StopPushing()
    {
        exits.Expect();
        _pusher?.Stop();
        _pushing.Join();
        _pusher?.Dispose();
    }

    /// <summary>Stops the feed, then lets the senders send what waits.</summary>
    public void Stop()
    {
        _embedded?.Stop();
        foreach (IDatagramReceiver socket in _feedSockets)
            socket.Shutdown();
        _feeds.Join();
        _lanes?.Complete();
        _senders.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable outlet in _outlets)
            outlet.Dispose();
    }

    private void OpenLanes(Outlet outlet)
    {
        int messageSize = MessageSizes.ForWire(options);
        var queueOptions = new LaneQueueOptions(
            options.SyncVersion, (byte)options.SyncId, messageSize, QueueLimits.For(options, messageSize), options.FlushIntervalMs,
            History: SentHistory.CapacityFor(options.SyncPorts));
        _queues = [.. Enumerable.Range(0, options.SyncPorts).Select(_ => new LaneQueue(queueOptions, metrics.Sent, time))];
        _lanes = new Lanes(_queues);
        outlet.Open(_lanes, sinceMs: Everything);
    }

    private void OpenSender(int lane)
    {
        var socket = MulticastSender.Open(Endpoints.Wire(options, lane), loopback: false, options.SocketBufferSize);
        _outlets.Add(socket);
        var sender = new Sender(_queues[lane], socket, metrics.Sent);
        _writers.Add(sender);
        _senders.Add($"send/{lane}", sender.Run, sender.Activity);
    }

    private void OpenFeed(ConnectionTable table, int lane)
    {
        var socket = MulticastReceiver.Open(Endpoints.Feed(options.Kernel, lane), FeedBufferSize);
        _feedSockets.Add(socket);
        _outlets.Add(socket);
        var reader = new ReaderOptions { SyncId = (byte)options.Kernel.SyncId };
        EntryFilter? isPush = _pushLanes is { } pushes ? (in ConnectionKey key) => pushes.Claim(key, lane) : null;
        var feed = new Receiver(
            socket, reader, Origin.Local, table, metrics.Feed, KernelSettings.LargestFeedMessage(options), isPush);
        _readers.Add(feed);
        _feeds.Add($"feed/{lane}", feed.Run, feed.Activity);
    }

    private void OpenEmbedded(ConnectionTable table, Outlet outlet, WorkloadOptions workload)
    {
        _embedded = new EmbeddedFeed(options, workload, table, outlet, metrics.Feed, time);
        _outlets.Add(_embedded);
        _feeds.Add("feed/0", _embedded.Run, _embedded.Activity);
    }
}
