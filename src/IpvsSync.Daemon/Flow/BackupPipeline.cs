using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
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
/// From the peers to the kernel, in flow order: sockets of the peers' lanes, receivers, [the table,] an outlet, lanes, senders to the
/// kernel. One thread opens, starts and stops it, once; another pipeline may follow it.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="wires">Opens the sockets.</param>
/// <param name="peers">Gets to know every peer that is heard.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Hears of each worker that ends.</param>
/// <param name="extensions">What the lanes hear beyond the kernel's protocol; null if nothing.</param>
internal sealed class BackupPipeline(
    SyncOptions options, SyncMetrics metrics, IWires wires, PeerRegistry peers, TimeProvider time, ILogger log, WorkerExits exits,
    DirectorExtensions? extensions = null)
    : IDisposable
{
    private const int LastPort = 65535;

    private readonly ReceivingLanes _receivers = new(new WorkerGroup(exits.Note, time, log));
    private readonly SendingLanes _injectors = new(new WorkerGroup(exits.Note, time, log), metrics.Injected, time);
    private readonly PushAddresses _pushAddresses = new(options.Kernel.PushAddress);
    private readonly List<InjectorPacer> _pacers = [];
    private readonly List<PacedSender> _injectSockets = [];
    private StrayReceiver? _stray;
    private LaneCensus? _census;

    /// <summary>The receivers of the peers' messages, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _receivers.Readers;

    /// <summary>The senders to the kernel, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _injectors.Writers;

    /// <summary>All workers of this pipeline, once it is open.</summary>
    public IEnumerable<Worker> Workers => [.. _receivers.Workers, .. _injectors.Workers];

    /// <summary>
    /// The outlet of the peers' connections to the kernel, closed until a backup pipeline opens it; null without a kernel.
    /// </summary>
    public static Outlet? MakeOutlet(SyncOptions options, SyncMetrics metrics) => options.Kernel.IsConnected
        ? new Outlet(lanes: null, new RefreshSettings(FlowConstants.InjectRefreshMs, Retries: 0), metrics.Injected)
        : null;

    /// <summary>Opens every socket and the outlet.</summary>
    /// <param name="table">Gets the peers' connections.</param>
    /// <param name="outlet">The outlet of <paramref name="table"/>; null without a kernel.</param>
    /// <param name="sinceMs">What was injected since then is injected again; on the table's clock.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void Open(ConnectionTable table, Outlet? outlet, long sinceMs)
    {
        if (outlet is not null)
            _injectors.Open(outlet, options.SyncPorts, InjectQueue(), sinceMs);
        for (int lane = 0; lane < options.SyncPorts; lane++)
            OpenReceiver(table, lane);
        for (int lane = 0; lane < _injectors.Queues.Count; lane++)
            OpenInjector(lane);
        if (options.Port + options.SyncPorts <= LastPort)
            OpenStray();
        _census = new LaneCensus(Readers, _stray, options.Port, log);
    }

    /// <summary>
    /// Looks at the kernel's sockets for the first time. By now the kernel must listen on every lane's port. If another program started
    /// its first sync daemon, it may have fewer lanes than we; another program's backup may also start later.
    /// </summary>
    /// <exception cref="KernelSessionException">The kernel has fewer lanes, and its daemons are ours.</exception>
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
        for (int lane = 0; lane < Readers.Count; lane++)
            log.SyncThreadStarted("BACKUP", options.Interface, options.SyncId, lane, options.Port + lane);
    }

    /// <summary>Checks whether the kernel's sockets have dropped what was sent last, of lanes that are idle.</summary>
    public void CheckDrops() => _injectSockets.ForEach(socket => socket.CheckDrops());

    /// <summary>Logs what was found out about the peers' lanes since the last call.</summary>
    public void ReportLanes() => _census?.Report();

    /// <summary>Stops the receivers, then injects what they have received.</summary>
    public void Stop(StopSteps steps)
    {
        exits.Expect();
        _receivers.Stop(steps);
        _injectors.Drain(steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _receivers.Dispose();
        _injectors.Dispose();
    }

    private LaneQueueOptions InjectQueue() => new(
        SyncVersion.V1,
        (byte)options.Kernel.SyncId,
        FlowConstants.InjectMessageSize,
        QueueLimits.For(options, FlowConstants.InjectMessageSize),
        FlowConstants.InjectFlushMs,
        Coalesces: false,
        History: SentHistory.CapacityFor(options.SyncPorts));

    private void OpenReceiver(ConnectionTable table, int lane)
    {
        IDatagramReceiver socket = wires.OpenPeerReceiver(lane);
        // Where there is no pusher, its addresses may be anybody's.
        EntryFilter? isPusher = options.Kernel is { IsManaged: true, PushIntervalMs: > 0 } ? _pushAddresses.Concern : null;
        LaneInbox? inbox = extensions is null ? null : new LaneInbox(extensions.Lanes[lane], takesEntries: true);
        _receivers.AddReceiver(
            "recv",
            socket,
            new Receiver(socket, ReaderOptions(), Origin.Peer, table, metrics.Received, isHidden: isPusher, peers: new LanePeers(peers, lane), inbox: inbox));
    }

    /// <summary>Listens on the port behind our last lane, unless another program holds it.</summary>
    private void OpenStray()
    {
        try
        {
            IDatagramReceiver socket = wires.OpenStrayReceiver();
            _stray = new StrayReceiver(socket, ReaderOptions());
            _receivers.AddStray("recv/stray", socket, _stray);
        }
        catch (KernelException exception) when (exception.Errno == Errno.EADDRINUSE)
        {
            // Nothing depends on it but a hint to the operator.
        }
    }

    private ReaderOptions ReaderOptions() => new() { SyncId = (byte)options.SyncId };

    private void OpenInjector(int lane)
    {
        IInjectorWire wire = wires.OpenInjector(lane);
        var activity = new WorkerActivity();
        var pacer = new InjectorPacer(wire.ReadQueue, round => Pause(round, activity));
        var socket = new PacedSender(wire, pacer, _injectors.Queues[lane], metrics.Injected, time);
        _pacers.Add(pacer);
        _injectSockets.Add(socket);
        _injectors.AddSender("inject", socket, activity);
    }

    /// <summary>
    /// Pauses until the kernel has read some of its socket. Each message of a batch may have to wait, and each has a timeout of its own.
    /// </summary>
    private static void Pause(int round, WorkerActivity activity)
    {
        if (round == 0)
            activity.Begin();
        Thread.Sleep(round < FlowConstants.InjectYields ? 0 : 1);
    }
}
