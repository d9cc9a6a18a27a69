using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The two directions of a director, each while it runs, and their outlets, which live as long as the table. The second has two parts: the
/// peers' connections into the table, and from there into the kernel. Each pipeline starts and stops without disturbing the others. One
/// thread at a time changes them; any thread may look.
/// </summary>
/// <param name="options">The configuration; its role is not used here.</param>
/// <param name="metrics">Where everything is counted.</param>
/// <param name="wires">Opens the sockets.</param>
/// <param name="learner">Learns from the peers.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="faulted">Called for each worker that ends by itself, on its thread.</param>
internal sealed class Pipelines(
    SyncOptions options, SyncMetrics metrics, IWires wires, Learner learner, TimeProvider time, ILogger log, Action<Worker, Exception?> faulted)
{
    private volatile MasterPipeline? _master;
    private volatile BackupPipeline? _backup;
    private volatile InjectPipeline? _inject;
    private volatile ExtensionPipeline? _beside;
    private volatile DirectorExtensions? _extensions;
    private AuthenticationOptions _authentication = options.Authentication;
    private long _injectLeftMs = time.Milliseconds();

    /// <summary>Leads this director's own connections to the peers while the master pipeline runs.</summary>
    public Outlet ToPeers { get; } = MasterPipeline.MakeOutlet(options, metrics);

    /// <summary>Leads the peers' connections to the kernel while the inject pipeline runs; null without a kernel.</summary>
    public Outlet? ToKernel { get; } = InjectPipeline.MakeOutlet(options, metrics);

    /// <summary>The peers, known while the backup pipeline runs.</summary>
    public PeerRegistry Peers { get; } = new(options.SyncPorts);

    /// <summary>From the kernel to the peers; null while it does not run.</summary>
    public MasterPipeline? Master => _master;

    /// <summary>From the peers to the table; null while it does not run.</summary>
    public BackupPipeline? Backup => _backup;

    /// <summary>From the table to the kernel; null while it does not run.</summary>
    public InjectPipeline? Inject => _inject;

    /// <summary>What this director says to others like it; null before it runs, and without <see cref="SyncOptions.Extensions"/>.</summary>
    public DirectorExtensions? Extensions => _extensions;

    /// <summary>All workers of the pipelines that run.</summary>
    public IEnumerable<Worker> Workers
        => [.. _master?.Workers ?? [], .. _backup?.Workers ?? [], .. _inject?.Workers ?? [], .. _beside?.Workers ?? []];

    /// <summary>Starts the pipelines of <paramref name="wanted"/> that do not run. If one cannot start, none does.</summary>
    /// <param name="wanted">The options in force from now on.</param>
    /// <param name="injects">Whether the peers' connections go to the kernel, if there is one.</param>
    /// <param name="table">The table of the outlets.</param>
    /// <param name="workload">The traffic of the embedded director, if there is one.</param>
    /// <param name="openKernel">Starts the kernel's daemons; called once all sockets are open.</param>
    /// <exception cref="KernelSessionException">Another program uses the kernel's sync daemons.</exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl.</exception>
    public void Enter(SyncOptions wanted, bool injects, ConnectionTable table, WorkloadOptions workload, Action openKernel)
    {
        if (wanted.Extensions)
            _extensions ??= new DirectorExtensions(wanted, wires.Size, table, learner, wires.Paths, time);
        MasterPipeline? master = wanted.IsMaster && _master is null ? new MasterPipeline(wanted, metrics, wires, time, log, Exits(), _extensions) : null;
        BackupPipeline? backup = wanted.IsBackup && _backup is null
            ? new BackupPipeline(wanted, metrics, wires, Peers, time, log, Exits(), _extensions)
            : null;
        InjectPipeline? inject = injects && ToKernel is not null && _inject is null
            ? new InjectPipeline(wanted, metrics, wires, time, log, Exits())
            : null;
        // Its sockets may have the addresses of those that open now, and the lanes wake the sender that was made last.
        bool wasAccompanied = _beside is not null && (master is not null || backup is not null);
        if (wasAccompanied)
            EndBeside(new StopSteps(log));
        try
        {
            master?.Open(table, ToPeers, workload);
            inject?.Open(ToKernel!, table.Memory.Expected, _injectLeftMs - FlowConstants.InjectUnreadMs);
            backup?.Open(table);
            openKernel();
            inject?.Prime();
            master?.OpenPusher();
        }
        catch
        {
            var steps = new StopSteps(log);
            End(master, stopFeed: () => { }, steps);
            End(backup, inject, steps);
            if (wasAccompanied)
                Accompany(table);
            throw;
        }

        master?.Start();
        _extensions?.Greet(time.Milliseconds());
        inject?.Start();
        backup?.Start();
        _master ??= master;
        _inject ??= inject;
        _backup ??= backup;
    }

    /// <summary>
    /// Opens the direction that the pipelines that run now leave out, so that directors can talk to each other. Without it their losses are not
    /// repaired; nothing else depends on it.
    /// </summary>
    /// <param name="table">The table of the outlets.</param>
    public void Accompany(ConnectionTable table)
    {
        if (_extensions is null || _beside is not null || (_master is not null && _backup is not null))
            return;
        var beside = new ExtensionPipeline(options, _extensions, wires, time, log, Exits());
        try
        {
            if (_master is null)
                beside.OpenSenders(MasterPipeline.PeerQueue(options, wires.Size));
            if (_backup is null)
                beside.OpenReceivers(table);
            beside.Start();
            _beside = beside;
        }
        catch (KernelException exception)
        {
            log.ExtensionsFailed(exception.Message);
            beside.Dispose();
        }
    }

    /// <summary>Ends what <see cref="Accompany"/> began.</summary>
    public void EndBeside(StopSteps steps)
    {
        if (_beside is not { } beside)
            return;
        _beside = null;
        beside.Stop(steps);
        steps.Do("close the sockets of the extensions", beside.Dispose);
    }

    /// <summary>Stops the master pipeline in flow order, if it runs; what waits is sent.</summary>
    /// <param name="stopFeed">Stops the kernel's master; called after the last push.</param>
    /// <param name="steps">Makes each step of it.</param>
    public void LeaveMaster(Action stopFeed, StopSteps steps)
    {
        MasterPipeline? pipeline = _master;
        _master = null;
        End(pipeline, stopFeed, steps);
    }

    /// <summary>Stops the backup pipeline, if it runs; what it has received is injected.</summary>
    /// <param name="steps">Makes each step of it.</param>
    public void LeaveBackup(StopSteps steps)
    {
        (BackupPipeline? backup, InjectPipeline? inject) = (_backup, _inject);
        (_backup, _inject) = (null, null);
        long leftMs = time.Milliseconds();
        End(backup, inject, steps);
        NoteInjectLeft(inject, leftMs);
    }

    /// <summary>
    /// Stops the inject pipeline, if it runs; what waits is injected. The peers' connections stay in the table until another one takes them
    /// from there.
    /// </summary>
    /// <param name="steps">Makes each step of it.</param>
    public void LeaveInject(StopSteps steps)
    {
        InjectPipeline? inject = _inject;
        _inject = null;
        long leftMs = time.Milliseconds();
        End(inject, steps);
        NoteInjectLeft(inject, leftMs);
    }

    /// <summary>Applies the policy and the version of <paramref name="applied"/>; nothing that waits is dropped.</summary>
    public void Reload(SyncOptions applied)
    {
        ToPeers.Change(KernelSettings.Refresh(applied));
        _master?.Reload(applied);
        bool hasOtherKeys = applied.Authentication != _authentication;
        _authentication = applied.Authentication;
        if (_extensions is not { } extensions || !hasOtherKeys)
            return;
        extensions.Change(applied.Authentication);
        extensions.Greet(time.Milliseconds());
    }

    private WorkerExits Exits() => new(faulted, log);

    private void End(MasterPipeline? pipeline, Action stopFeed, StopSteps steps)
    {
        if (pipeline is null)
            return;
        pipeline.StopPushing(steps);
        steps.Do("stop the kernel's master", stopFeed);
        pipeline.Stop(steps);
        steps.Do("close the way to the peers", ToPeers.Close);
        steps.Do("close the sockets of the master pipeline", pipeline.Dispose);
    }

    private void End(BackupPipeline? pipeline, InjectPipeline? inject, StopSteps steps)
    {
        pipeline?.Stop(steps);
        End(inject, steps);
        if (pipeline is null)
            return;
        steps.Do("close the sockets of the backup pipeline", pipeline.Dispose);
        steps.Do("forget the peers", Peers.Clear);
        steps.Do("forget the peers' numbers", () => _extensions?.ForgetPeers());
    }

    /// <summary>
    /// The outlet closes before the lanes are done. If receivers still run, an entry that is being appended may stay in its lane; it counts
    /// as not injected when the outlet opens again.
    /// </summary>
    private void End(InjectPipeline? inject, StopSteps steps)
    {
        if (inject is null)
            return;
        steps.Do("close the way to the kernel", () => ToKernel?.Close());
        inject.Stop(steps);
        steps.Do("close the sockets of the inject pipeline", inject.Dispose);
    }

    /// <summary>
    /// What comes from now on is held back. One that never ran has injected nothing of what was held back before; of what one has left that the
    /// kernel did not read in time, nobody knows what it was.
    /// </summary>
    private void NoteInjectLeft(InjectPipeline? inject, long leftMs)
    {
        if (inject is not null)
            _injectLeftMs = inject is { IsIdle: true, HasLosses: false } ? leftMs : long.MinValue / 2;
    }
}
