using System.Net;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon;

/// <summary>
/// The whole flow of one director, put together and taken apart in its order:
/// kernel, feed, table, lanes, senders; and the other way receivers, table, injectors, kernel.
/// One thread starts and stops it.
/// </summary>
internal sealed class Director(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger<Director> log) : IDisposable
{
    /// <summary>Socket memory in bytes for the kernel's feed: its one-entry messages are small, and cost much for their size.</summary>
    private const int FeedBufferSize = 16 << 20;

    private const int LastPort = 65535;

    /// <summary>How long one stage may take to end at stop, the senders' draining included.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly PushAddresses _pushAddresses = new(options.Kernel.PushAddress);
    private readonly List<IDatagramReceiver> _feedSockets = [];
    private readonly List<IDatagramReceiver> _peerSockets = [];
    private readonly List<IDisposable> _outlets = [];
    private readonly List<Receiver> _readers = [];
    private readonly List<Receiver> _peerReaders = [];
    private readonly List<InjectorPacer> _pacers = [];
    private readonly List<Worker> _feeds = [];
    private readonly List<Worker> _senders = [];
    private readonly List<Worker> _receivers = [];
    private readonly ManualResetEventSlim _sweeperStop = new(initialState: false, spinCount: 0);
    private Lanes? _lanes;
    private WireGate? _gate;
    private ConnectionTable _table = new(time);
    private EmbeddedFeed? _embedded;
    private StrayReceiver? _stray;
    private Worker? _sweeper;
    private Worker? _pushing;
    private Pusher? _pusher;
    private KernelDoor? _door;
    private PushLanes? _pushLanes;
    private SyncOptions? _policy;
    private bool _ready;
    private volatile bool _stopping;

    /// <summary>What passes the embedded director in <c>Kernel:Mode</c> Embedded.</summary>
    public WorkloadOptions Workload { get; init; } = new();

    /// <summary>Every connection that this director knows.</summary>
    public ConnectionTable Table => _table;

    /// <summary>Raised once a worker has ended by itself; on that worker's thread.</summary>
    public event Action<string, Exception?>? Faulted;

    /// <summary>Opens every socket, starts the kernel's daemons and the workers. When it returns, the director is ready.</summary>
    /// <exception cref="KernelDoorException">The kernel is somebody else's.</exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl.</exception>
    public void Start()
    {
        if (options.Kernel.IsManaged)
            _door = KernelDoor.Open(options, log);
        if (options.IsMaster)
            OpenMaster();
        if (options.IsBackup)
            OpenBackup();
        _door?.Start();
        PrimeInjectors();
        OpenPusher();
        _sweeper = new Worker("sweep", Sweep, OnEnded);
        foreach (Worker worker in (IEnumerable<Worker>)[.. _feeds, .. _senders, .. _receivers, _sweeper])
            worker.Start();
        _pushing?.Start();
        _ready = true;
        log.Ready(options.Role.ToString(), options.SyncPorts, options.Interface, options.Group, options.Port);
    }

    /// <summary>
    /// Takes over another policy and version while everything runs; nothing that waits is dropped. What else differs is said and
    /// left as it is. Not while starting or stopping.
    /// </summary>
    /// <exception cref="KernelException">The kernel refused a sysctl.</exception>
    public void Reload(SyncOptions fresh)
    {
        SyncOptions applied = options.WithPolicyOf(fresh);
        if (applied != fresh)
            log.ReloadNeedsRestart();
        if (applied == (_policy ?? options))
            return;
        _door?.ChangePolicy(applied);
        _embedded?.Change(applied);
        _gate?.Change(KernelSettings.Wire(applied));
        _lanes?.ChangeVersion(applied.SyncVersion);
        _policy = applied;
        log.Reloaded((int)applied.SyncVersion, applied.SyncThreshold, applied.SyncPeriod, applied.SyncRefreshPeriod, applied.SyncRetries);
    }

    /// <summary>Stops in flow order, sends what waits, and leaves the kernel as it was found. Safe after a failed start.</summary>
    /// <returns>False when something in the kernel could not be put back.</returns>
    public bool Stop()
    {
        _stopping = true;
        _sweeperStop.Set();
        _pusher?.Stop();
        Join([_sweeper, _pushing]);
        _pusher?.Dispose();
        _door?.StopFeed();
        _embedded?.Stop();
        End(_feedSockets, _feeds);
        _lanes?.Complete();
        Join(_senders);
        End(_peerSockets, _receivers);
        bool restored = _door?.Restore() ?? true;
        if (_ready)
            log.Stopped(metrics.Sent.Entries, metrics.Injected.Entries);
        return restored;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable outlet in _outlets)
            outlet.Dispose();
        _door?.Dispose();
        _sweeperStop.Dispose();
    }

    private static void Shutdown(List<IDatagramReceiver> sockets)
    {
        foreach (IDatagramReceiver socket in sockets)
            socket.Shutdown();
    }

    private void OpenMaster()
    {
        int messageSize = MessageSizes.ForWire(options);
        var queueOptions = new LaneQueueOptions(
            options.SyncVersion, (byte)options.SyncId, messageSize, QueueLimits.For(options, messageSize), options.FlushIntervalMs);
        LaneQueue[] queues = [.. Enumerable.Range(0, options.SyncPorts).Select(_ => new LaneQueue(queueOptions, metrics.Sent, time))];
        _lanes = new Lanes(queues);
        _gate = new WireGate(_lanes, KernelSettings.Wire(options), metrics.Sent);
        _table = new ConnectionTable(time, _gate);
        if (options.Kernel is { IsManaged: true, PushIntervalMs: > 0 })
            _pushLanes = new PushLanes(_pushAddresses, options.SyncPorts);
        if (options.Kernel.Mode == KernelMode.Embedded)
            OpenEmbeddedFeed(_gate);
        for (int lane = 0; lane < options.SyncPorts; lane++)
        {
            var socket = MulticastSender.Open(WireEndpoint(lane), loopback: false, options.SocketBufferSize);
            _outlets.Add(socket);
            var sender = new Sender(queues[lane], socket, metrics.Sent);
            _senders.Add(new Worker($"send/{lane}", sender.Run, OnEnded));
            if (options.Kernel.IsConnected)
                OpenFeed(lane);
        }
    }

    /// <summary>The kernel must listen on every lane's port; started by somebody else's daemon, it may have fewer lanes than we.</summary>
    private void PrimeInjectors()
    {
        int listening = _pacers.Count(pacer => pacer.Prime());
        if (_door is not null && listening < _pacers.Count)
        {
            throw new KernelDoorException(
                $"The kernel's backup listens on {listening} of {_pacers.Count} ports. The number of its lanes was fixed by the sync daemon "
                + "that was started first: stop that one, or set SyncPorts to its number.");
        }
    }

    private void OpenPusher()
    {
        if (_pushLanes is null)
            return;
        var path = new PushPath(_pushAddresses, isPersistent: options.SyncPersistMode == 0);
        _pusher = Pusher.TryOpen(path, _pushLanes, new PushRhythm(TimeSpan.FromMilliseconds(options.Kernel.PushIntervalMs)), time, log);
        if (_pusher is not null)
            _pushing = new Worker("push", _pusher.Run, OnEnded);
    }

    private void OpenFeed(int lane)
    {
        KernelOptions kernel = options.Kernel;
        var socket = MulticastReceiver.Open(MeetingEndpoint(kernel.FeedGroup, kernel.FeedPort + lane), FeedBufferSize);
        _feedSockets.Add(socket);
        _outlets.Add(socket);
        var reader = new ReaderOptions { SyncId = (byte)kernel.SyncId };
        var sink = new LaneSink(_gate!);
        EntryFilter? isPush = _pushLanes is { } pushes ? (in ConnectionKey key) => pushes.Claim(key, lane) : null;
        var feed = new Receiver(socket, reader, Origin.Local, _table, sink, metrics.Feed, KernelSettings.LargestFeedMessage, isPush);
        _readers.Add(feed);
        _feeds.Add(new Worker($"feed/{lane}", feed.Run, OnEnded));
    }

    private void OpenEmbeddedFeed(WireGate gate)
    {
        _embedded = new EmbeddedFeed(options, Workload, _table, gate, metrics.Feed, time);
        _outlets.Add(_embedded);
        _feeds.Add(new Worker("feed/0", _embedded.Run, OnEnded));
    }

    private void OpenBackup()
    {
        for (int lane = 0; lane < options.SyncPorts; lane++)
        {
            var socket = MulticastReceiver.Open(WireEndpoint(lane), options.SocketBufferSize);
            _peerSockets.Add(socket);
            _outlets.Add(socket);
            IConnectionSink sink = options.Kernel.IsConnected ? OpenInjector(lane) : new NoSink();
            _outlets.Add(sink);
            var reader = new ReaderOptions { SyncId = (byte)options.SyncId };
            var receiver = new Receiver(socket, reader, Origin.Peer, _table, sink, metrics.Received);
            _readers.Add(receiver);
            _peerReaders.Add(receiver);
            _receivers.Add(new Worker($"recv/{lane}", receiver.Run, OnEnded));
        }

        if (options.Port + options.SyncPorts <= LastPort)
            OpenStray();
    }

    /// <summary>The port behind our last lane, where a peer with more lanes is heard; one that somebody else holds is let be.</summary>
    private void OpenStray()
    {
        MulticastReceiver socket;
        try
        {
            socket = MulticastReceiver.Open(WireEndpoint(options.SyncPorts));
        }
        catch (KernelException exception) when (exception.Errno == Errno.EADDRINUSE)
        {
            return;
        }

        _peerSockets.Add(socket);
        _outlets.Add(socket);
        _stray = new StrayReceiver(socket, new ReaderOptions { SyncId = (byte)options.SyncId });
        _receivers.Add(new Worker("recv/stray", _stray.Run, OnEnded));
    }

    private Injector OpenInjector(int lane)
    {
        KernelOptions kernel = options.Kernel;
        int port = kernel.InjectPort + lane;
        var socket = MulticastSender.Open(MeetingEndpoint(kernel.InjectGroup, port), loopback: true, options.SocketBufferSize);
        var probe = UdpQueueProbe.Open(kernel.Interface);
        _outlets.Add(probe);
        var pacer = new InjectorPacer(() => probe.Query(kernel.InjectGroup, port), round => Thread.Sleep(round < 4 ? 0 : 1));
        _pacers.Add(pacer);
        return new Injector(socket, pacer, (byte)kernel.SyncId, metrics.Injected);
    }

    private MulticastEndpoint WireEndpoint(int lane)
        => new() { Interface = options.Interface, Group = options.Group, Port = options.Port + lane, Ttl = options.Ttl };

    private MulticastEndpoint MeetingEndpoint(IPAddress group, int port)
        => new() { Interface = options.Kernel.Interface, Group = group, Port = port, Ttl = 1 };

    private void Sweep()
    {
        var reporter = new LossReporter(metrics, log);
        var census = new LaneCensus(_peerReaders, _stray, options.Port, log);
        for (int second = 1; !_sweeperStop.Wait(1000); second++)
        {
            _door?.CheckDaemons();
            _table.Sweep();
            foreach (Receiver reader in _readers)
                reader.CountDrops();
            if (second % LossReporter.IntervalSeconds != 0)
                continue;
            reporter.Report();
            census.Report();
        }

        reporter.Report();
    }

    private void End(List<IDatagramReceiver> sockets, List<Worker> workers)
    {
        Shutdown(sockets);
        Join(workers);
    }

    /// <summary>Waits for the workers of a stage, for all of them together no longer than our patience lasts.</summary>
    private void Join(IEnumerable<Worker?> workers)
    {
        long start = time.GetTimestamp();
        foreach (Worker worker in workers.OfType<Worker>())
        {
            TimeSpan left = s_patience - time.GetElapsedTime(start);
            if (!worker.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                log.StillRunning(worker.Name, s_patience.TotalSeconds);
        }
    }

    private void OnEnded(Worker worker, Exception? fault)
    {
        if (!_stopping)
            Faulted?.Invoke(worker.Name, fault);
        else if (fault is not null)
            log.FaultWhileStopping(worker.Name, fault);
    }
}
