using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon;

/// <summary>
/// The whole flow of one director, put together and taken apart in its order: the way out (<see cref="MasterHalf"/>), the way in
/// (<see cref="BackupHalf"/>), the table between them, and the kernel's door around. One thread starts and stops it.
/// </summary>
internal sealed class Director : IDisposable
{
    private readonly SyncOptions _options;
    private readonly SyncMetrics _metrics;
    private readonly ILogger _log;
    private readonly MasterHalf _master;
    private readonly BackupHalf _backup;
    private readonly WorkerGroup _sweeping;
    private readonly ManualResetEventSlim _sweeperStop = new(initialState: false, spinCount: 0);
    private KernelDoor? _door;
    private SyncOptions _policy;
    private bool _ready;
    private volatile bool _stopping;

    /// <summary>A director that has not begun.</summary>
    public Director(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger<Director> log)
    {
        (_options, _policy, _metrics, _log) = (options, options, metrics, log);
        _master = new MasterHalf(options, metrics, time, log, OnEnded);
        _backup = new BackupHalf(options, metrics, time, log, OnEnded);
        _sweeping = new WorkerGroup(OnEnded, time, log);
        _sweeping.Add("sweep", Sweep);
        Table = new ConnectionTable(time, options.IsMaster ? _master.OpenLanes() : null);
    }

    /// <summary>What passes the embedded director in <c>Kernel:Mode</c> Embedded.</summary>
    public WorkloadOptions Workload { get; init; } = new();

    /// <summary>Every connection that this director knows.</summary>
    public ConnectionTable Table { get; }

    /// <summary>Raised once a worker has ended by itself; on that worker's thread.</summary>
    public event Action<string, Exception?>? Faulted;

    /// <summary>Opens every socket, starts the kernel's daemons and the workers. When it returns, the director is ready.</summary>
    /// <exception cref="KernelDoorException">The kernel is somebody else's.</exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl.</exception>
    public void Start()
    {
        if (_options.Kernel.IsManaged)
            _door = KernelDoor.Open(_options, _log);
        if (_master.Gate is { } gate)
            _master.Open(Table, gate, Workload);
        if (_options.IsBackup)
            _backup.Open(Table);
        _door?.Start();
        _backup.PrimeInjectors();
        _master.OpenPusher();
        _master.Start();
        _backup.Start();
        _sweeping.Start();
        _ready = true;
        _log.Ready(_options.Role.ToString(), _options.SyncPorts, _options.Interface, _options.Group, _options.Port);
    }

    /// <summary>
    /// Takes over another policy and version while everything runs; nothing that waits is dropped. What else differs is said and
    /// left as it is. Not while starting or stopping.
    /// </summary>
    /// <exception cref="KernelException">The kernel refused a sysctl.</exception>
    public void Reload(SyncOptions fresh)
    {
        SyncOptions applied = _options.WithPolicyOf(fresh);
        if (applied != fresh)
            _log.ReloadNeedsRestart();
        if (applied == _policy)
            return;
        _door?.ChangePolicy(applied);
        _master.Reload(applied);
        _policy = applied;
        _log.Reloaded((int)applied.SyncVersion, applied.SyncThreshold, applied.SyncPeriod, applied.SyncRefreshPeriod, applied.SyncRetries);
    }

    /// <summary>Stops in flow order, sends what waits, and leaves the kernel as it was found. Safe after a failed start.</summary>
    /// <returns>False when something in the kernel could not be put back.</returns>
    public bool Stop()
    {
        _stopping = true;
        _sweeperStop.Set();
        _sweeping.Join();
        _master.StopPushing();
        _door?.StopFeed();
        _master.Stop();
        _backup.Stop();
        bool restored = _door?.Restore() ?? true;
        if (_ready)
            _log.Stopped(_metrics.Sent.Entries, _metrics.Injected.Entries);
        return restored;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _master.Dispose();
        _backup.Dispose();
        _door?.Dispose();
        _sweeperStop.Dispose();
    }

    private void Sweep()
    {
        var reporter = new LossReporter(_metrics, _log);
        var census = new LaneCensus(_backup.Readers, _backup.Stray, _options.Port, _log);
        Receiver[] readers = [.. _master.Readers, .. _backup.Readers];
        for (int second = 1; !_sweeperStop.Wait(1000); second++)
        {
            _door?.CheckDaemons();
            Table.Sweep();
            foreach (Receiver reader in readers)
                reader.CountDrops();
            if (second % LossReporter.IntervalSeconds != 0)
                continue;
            reporter.Report();
            census.Report();
        }

        reporter.Report();
    }

    private void OnEnded(Worker worker, Exception? fault)
    {
        if (!_stopping)
            Faulted?.Invoke(worker.Name, fault);
        else if (fault is not null)
            _log.FaultWhileStopping(worker.Name, fault);
    }
}
