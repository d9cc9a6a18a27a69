using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// From the table to the kernel, in flow order: an outlet, lanes, senders to the kernel's backup. It runs beside a
/// <see cref="BackupPipeline"/>, unless the kernel's backup must not run (<see cref="BackupOnly"/>): what is received then stays in the
/// table. One thread opens, starts and stops it, once; another one may follow it.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="wires">Opens the sockets.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Hears of each worker that ends.</param>
internal sealed class InjectPipeline(SyncOptions options, SyncMetrics metrics, IWires wires, TimeProvider time, ILogger log, WorkerExits exits)
    : IDisposable
{
    private readonly SendingLanes _injectors = new(new WorkerGroup(exits.Note, time, log), metrics.Injected, time);
    private readonly List<InjectorPacer> _pacers = [];
    private readonly List<PacedSender> _sockets = [];

    /// <summary>The senders to the kernel, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _injectors.Writers;

    /// <summary>All workers of this pipeline, once it is open.</summary>
    public IEnumerable<Worker> Workers => _injectors.Workers;

    /// <summary>
    /// The outlet of the peers' connections to the kernel, closed until a pipeline opens it; null without a kernel.
    /// </summary>
    public static Outlet? MakeOutlet(SyncOptions options, SyncMetrics metrics) => options.Kernel.IsConnected
        ? new Outlet(lanes: null, new RefreshSettings(FlowConstants.InjectRefreshMs, Retries: 0), metrics.Injected)
        : null;

    /// <summary>Opens every socket and the outlet.</summary>
    /// <param name="outlet">The table's outlet to the kernel.</param>
    /// <param name="expected">Connections that are expected, perhaps in one burst.</param>
    /// <param name="sinceMs">What was injected or held back since then is injected again; on the table's clock.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void Open(Outlet outlet, int expected, long sinceMs)
    {
        _injectors.Open(outlet, options.SyncPorts, Queue(expected), sinceMs);
        for (int lane = 0; lane < _injectors.Queues.Count; lane++)
            OpenInjector(lane);
    }

    /// <summary>
    /// Looks at the kernel's sockets for the first time. By now the kernel must listen on every lane's port. If another program started
    /// its first sync daemon, it may have fewer lanes than we; another program's backup may also start later.
    /// </summary>
    /// <exception cref="KernelSessionException">The kernel has fewer lanes, and its daemons are ours.</exception>
    public void Prime()
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
    public void Start() => _injectors.Start();

    /// <summary>Checks whether the kernel's sockets have dropped what was sent last, of lanes that are idle.</summary>
    public void CheckDrops() => _sockets.ForEach(socket => socket.CheckDrops());

    /// <summary>Whether nothing waits to be injected.</summary>
    public bool IsIdle => _injectors.Queues.All(queue => queue.IsIdle);

    /// <summary>Whether something is to be injected again that the next sweep of the table finds.</summary>
    public bool HasLosses => _injectors.Queues.Any(queue => queue.HasLosses);

    /// <summary>Injects what waits, and ends the workers. Nothing is appended any more.</summary>
    public void Stop(StopSteps steps)
    {
        exits.Expect();
        _injectors.Drain(steps);
    }

    /// <inheritdoc/>
    public void Dispose() => _injectors.Dispose();

    private LaneQueueOptions Queue(int expected) => new(
        SyncVersion.V1,
        (byte)options.Kernel.SyncId,
        KernelSettings.InjectMessageSize(options.Kernel),
        QueueLimits.For(options, KernelSettings.InjectMessageSize(options.Kernel)),
        FlowConstants.InjectFlushMs,
        Coalesces: false,
        History: SentHistory.CapacityFor(options.SyncPorts),
        Expected: expected / options.SyncPorts);

    private void OpenInjector(int lane)
    {
        IInjectorWire wire = wires.OpenInjector(lane);
        var activity = new WorkerActivity();
        var pacer = new InjectorPacer(wire.ReadQueue, round => Pause(round, activity));
        var socket = new PacedSender(wire, pacer, _injectors.Queues[lane], metrics.Injected, time);
        _pacers.Add(pacer);
        _sockets.Add(socket);
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
