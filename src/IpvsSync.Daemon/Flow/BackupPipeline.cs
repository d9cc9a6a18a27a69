using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The way in, in flow order: sockets of the peers' lanes, receivers, [the table,] an outlet, lanes, senders to the kernel.
/// One thread opens, starts and stops it; for one life, after which there may be another.
/// </summary>
/// <param name="options">What the operator asked for.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Told of each worker that ends.</param>
internal sealed class BackupPipeline(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger log, WorkerExits exits)
    : IDisposable
{
    private const int LastPort = 65535;

    /// <summary>Bytes of a message to the kernel: the kernel's own size on Ethernet, one page of socket memory.</summary>
    private const int MessageSize = 1472;

    /// <summary>
    /// How often a sender looks again at the kernel's full socket before it sleeps: the kernel empties half of it in less than the
    /// shortest sleep, which may be a tick.
    /// </summary>
    private const int YieldsBeforeSleep = 200;

    /// <summary>Longest time in milliseconds that a part-filled message to the kernel waits in a busy lane.</summary>
    private const int FlushIntervalMs = 2;

    /// <summary>
    /// Socket memory in bytes for the peers' messages, where the operator sets none. The system's default holds about 90 full messages;
    /// a peer that starts or takes over sends thousands at once. Memory is taken only by what waits.
    /// </summary>
    private const int ReceiveBufferSize = 16 << 20;

    /// <summary>
    /// What the kernel is told anew when nothing has changed: by so many milliseconds at most its timers differ from ours.
    /// </summary>
    private const int RefreshMs = 5000;

    private readonly List<IDatagramReceiver> _sockets = [];
    private readonly List<IDisposable> _outlets = [];
    private readonly List<Receiver> _readers = [];
    private readonly List<Sender> _writers = [];
    private readonly List<InjectorPacer> _pacers = [];
    private readonly List<PacedSender> _injectSockets = [];
    private readonly WorkerGroup _receivers = new(exits.Note, time, log);
    private readonly WorkerGroup _injectors = new(exits.Note, time, log);
    private LaneQueue[] _queues = [];
    private Lanes? _lanes;
    private StrayReceiver? _stray;
    private LaneCensus? _census;

    /// <summary>Who reads the peers' messages, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _readers;

    /// <summary>Who injects, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _writers;

    /// <summary>All workers of this pipeline; those that there are when everything is open.</summary>
    public IEnumerable<Worker> Workers => [.. _receivers.Workers, .. _injectors.Workers];

    /// <summary>What of the peers' connections the kernel is told: an outlet that is closed until a backup pipeline opens it; null without a kernel.</summary>
    public static Outlet? MakeOutlet(SyncOptions options, SyncMetrics metrics)
        => options.Kernel.IsConnected ? new Outlet(lanes: null, new RefreshSettings(RefreshMs, Retries: 0), metrics.Injected) : null;

    /// <summary>Opens every socket and the outlet.</summary>
    /// <param name="table">Where the peers' connections lead.</param>
    /// <param name="outlet">The outlet of <paramref name="table"/>; null without a kernel.</param>
    /// <param name="sinceMs">The kernel is told anew what it was told since, on the table's clock.</param>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public void Open(ConnectionTable table, Outlet? outlet, long sinceMs)
    {
        if (outlet is not null)
            OpenLanes(outlet, sinceMs);
        for (int lane = 0; lane < options.SyncPorts; lane++)
            OpenReceiver(table, lane);
        for (int lane = 0; lane < _queues.Length; lane++)
            OpenInjector(lane);
        if (options.Port + options.SyncPorts <= LastPort)
            OpenStray();
        _census = new LaneCensus(_readers, _stray, options.Port, log);
    }

    /// <summary>
    /// The kernel must listen on every lane's port by now; if the sync daemon that was started first is somebody else's, it may have fewer lanes
    /// than we. Somebody else's backup may also start later.
    /// </summary>
    /// <exception cref="KernelSessionException">It has fewer, and its daemons are ours.</exception>
    public void PrimeInjectors()
    {
        int listening = _pacers.Count(pacer => pacer.Prime());
        if (options.Kernel.IsManaged && listening < _pacers.Count)
        {
            throw new KernelSessionException(
                $"The kernel's backup listens on {listening} of {_pacers.Count} ports. The number of its lanes was fixed by the sync daemon "
                + "that was started first: stop that one, or set SyncPorts to its number.");
        }
    }

    /// <summary>Starts the workers.</summary>
    public void Start()
    {
        _injectors.Start();
        _receivers.Start();
        for (int lane = 0; lane < _readers.Count; lane++)
            log.SyncThreadStarted("BACKUP", options.Interface, options.SyncId, lane, options.Port + lane);
    }

    /// <summary>Looks whether the kernel's sockets have dropped what was sent last, while nothing is being sent.</summary>
    public void CheckDrops()
    {
        foreach (PacedSender socket in _injectSockets)
            socket.CheckDrops();
    }

    /// <summary>Says what has come to light about the peers' lanes since the last call.</summary>
    public void ReportLanes() => _census?.Report();

    /// <summary>Stops receiving; what has come is injected.</summary>
    public void Stop()
    {
        exits.Expect();
        foreach (IDatagramReceiver socket in _sockets)
            socket.Shutdown();
        _receivers.Join();
        _lanes?.Complete();
        _injectors.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable outlet in _outlets)
            outlet.Dispose();
    }

    private void OpenLanes(Outlet outlet, long sinceMs)
    {
        var queueOptions = new LaneQueueOptions(
            SyncVersion.V1, (byte)options.Kernel.SyncId, MessageSize, QueueLimits.For(options, MessageSize), FlushIntervalMs, Coalesces: false,
            History: SentHistory.CapacityFor(options.SyncPorts));
        _queues = [.. Enumerable.Range(0, options.SyncPorts).Select(_ => new LaneQueue(queueOptions, metrics.Injected, time))];
        _lanes = new Lanes(_queues);
        outlet.Open(_lanes, sinceMs);
    }

    private void OpenReceiver(ConnectionTable table, int lane)
    {
        MulticastReceiver socket = OpenSocket(lane, options.SocketBufferSize > 0 ? options.SocketBufferSize : ReceiveBufferSize);
        var receiver = new Receiver(socket, ReaderOptions(), Origin.Peer, table, metrics.Received, peers: new PeerBook());
        _readers.Add(receiver);
        _receivers.Add($"recv/{lane}", receiver.Run, receiver.Activity);
    }

    /// <summary>The port behind our last lane, where a peer with more lanes is heard; one that somebody else holds is let be.</summary>
    private void OpenStray()
    {
        try
        {
            _stray = new StrayReceiver(OpenSocket(options.SyncPorts, bufferSize: 0), ReaderOptions());
            _receivers.Add("recv/stray", _stray.Run, _stray.Activity);
        }
        catch (KernelException exception) when (exception.Errno == Errno.EADDRINUSE)
        {
            // Without it one hint is missing, and nothing else.
        }
    }

    private MulticastReceiver OpenSocket(int lane, int bufferSize)
    {
        var socket = MulticastReceiver.Open(Endpoints.Wire(options, lane), bufferSize);
        _sockets.Add(socket);
        _outlets.Add(socket);
        return socket;
    }

    private ReaderOptions ReaderOptions() => new() { SyncId = (byte)options.SyncId };

    private void OpenInjector(int lane)
    {
        KernelOptions kernel = options.Kernel;
        MulticastEndpoint endpoint = Endpoints.Inject(kernel, lane);
        var probe = UdpQueueProbe.Open(kernel.Interface);
        _outlets.Add(probe);
        var activity = new WorkerActivity();
        var pacer = new InjectorPacer(() => probe.Query(endpoint.Group, endpoint.Port), round => Pause(round, activity));
        _pacers.Add(pacer);
        var socket = new PacedSender(
            MulticastSender.Open(endpoint, loopback: true, options.SocketBufferSize), pacer, _queues[lane], metrics.Injected, time);
        _outlets.Add(socket);
        _injectSockets.Add(socket);
        var sender = new Sender(_queues[lane], socket, metrics.Injected) { Activity = activity };
        _writers.Add(sender);
        _injectors.Add($"inject/{lane}", sender.Run, activity);
    }

    /// <summary>A pause until the kernel has read some of its socket. Each message of a batch may need its own, and has its own timeout.</summary>
    private static void Pause(int round, WorkerActivity activity)
    {
        if (round == 0)
            activity.Begin();
        Thread.Sleep(round < YieldsBeforeSleep ? 0 : 1);
    }
}
