using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon;

/// <summary>
/// The whole flow of one director, put together and taken apart in its order: the way out (<see cref="MasterHalf"/>), the way in
/// (<see cref="BackupHalf"/>), the table between them, and the kernel's door around. One thread starts and stops it.
/// </summary>
internal sealed class Director : IDisposable
{
    /// <summary>How long a stop waits for the kernel to print the next part of its table.</summary>
    private static readonly TimeSpan s_snapshotPatience = TimeSpan.FromSeconds(1);

    private readonly SyncOptions _options;
    private readonly SyncMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly MasterHalf _master;
    private readonly BackupHalf _backup;
    private readonly DestinationBook? _book;
    private readonly WorkerGroup _sweeping;
    private readonly CancellationTokenSource _snapshotStop = new();
    private readonly ManualResetEventSlim _sweeperStop = new(initialState: false, spinCount: 0);
    private KernelDoor? _door;
    private volatile SyncOptions _policy;
    private volatile bool _ready;
    private long _readySince;
    private Worker? _hanging;
    private volatile bool _stopping;
    private Task _snapshot = Task.CompletedTask;

    /// <summary>A director that has not begun.</summary>
    public Director(SyncOptions options, SyncMetrics metrics, TimeProvider time, ILogger<Director> log)
    {
        (_options, _policy, _metrics, _time, _log) = (options, options, metrics, time, log);
        _master = new MasterHalf(options, metrics, time, log, OnEnded);
        _backup = new BackupHalf(options, metrics, time, log, OnEnded);
        _sweeping = new WorkerGroup(OnEnded, time, log);
        _sweeping.Add("sweep", Sweep, new WorkerPulse());
        Rates = new StageRates(metrics, time);
        _book = options.Kernel.IsManaged ? new DestinationBook() : null;
        Table = new ConnectionTable(time, new TableGates(
            options.IsMaster ? _master.OpenLanes() : null, options.IsBackup ? _backup.OpenLanes() : null, _book));
        _sweeping.Add("memory", Table.Memory.KeepReady, new WorkerPulse());
    }

    /// <summary>What passes the embedded director in <c>Kernel:Mode</c> Embedded.</summary>
    public WorkloadOptions Workload { get; init; } = new();

    /// <summary>Every connection that this director knows.</summary>
    public ConnectionTable Table { get; }

    /// <summary>What passed each stage in the last second.</summary>
    public StageRates Rates { get; }

    /// <summary>True once every socket is open; what follows may be asked then. Any thread may.</summary>
    public bool IsReady => _ready;

    /// <summary>How long it has been ready.</summary>
    public TimeSpan Uptime => _time.GetElapsedTime(_readySince);

    /// <summary>What holds now: as asked for at the start, with the policy of the last reload.</summary>
    public SyncOptions Options => _policy;

    /// <summary>Seconds by which the table keeps this director's own connections longer than their timeouts.</summary>
    public uint Slack => _master.Gate?.Slack ?? 0;

    /// <summary>Who sends to the peers, by lane.</summary>
    public IReadOnlyList<Sender> Senders => _master.Writers;

    /// <summary>Who hears the peers, by lane.</summary>
    public IReadOnlyList<Receiver> Receivers => _backup.Readers;

    /// <summary>Who hears this director's kernel, by lane.</summary>
    public IReadOnlyList<Receiver> Feeds => _master.Readers;

    /// <summary>Who injects into this director's kernel, by lane.</summary>
    public IReadOnlyList<Sender> Injectors => _backup.Writers;

    /// <summary>The kernel's timeouts, as far as they are known.</summary>
    public KernelTimeouts Timeouts => _book?.Timeouts ?? KernelTimeouts.Default;

    /// <summary>Which peers are heard, over all lanes.</summary>
    public IReadOnlyList<PeerCount> Peers => PeerCount.OfAll(_backup.Readers.Select(reader => reader.Peers).OfType<PeerBook>());

    /// <summary>What services and real servers the peers' connections lack here. Any thread.</summary>
    public MissingCounts CountMissing() => _book is null || Table.Unbound == 0 ? new MissingCounts() : Table.CountMissing(_book.Catalogue);

    /// <summary>Raised once a worker has ended by itself; on that worker's thread.</summary>
    public event Action<string, Exception?>? Faulted;

    /// <summary>Raised about once a second while every worker moves; on the sweeper's thread.</summary>
    public event Action? Moved;

    /// <summary>Opens every socket, starts the kernel's daemons and the workers. When it returns, the director is ready.</summary>
    /// <exception cref="KernelDoorException">The kernel is somebody else's.</exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl.</exception>
    public void Start()
    {
        if (_options.Kernel.IsManaged)
            _door = KernelDoor.Open(_options, _log);
        ReadDestinations();
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
        _readySince = _time.GetTimestamp();
        _ready = true;
        _log.Ready(_options.Role.ToString(), _options.SyncPorts, _options.Interface, _options.Group, _options.Port);
        if (_book is not null)
            _snapshot = Task.Run(() => TakeSnapshotAsync(new StartSnapshot(Table, _book, new PushAddresses(_options.Kernel.PushAddress))));
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
        _snapshotStop.Cancel();
        _sweeperStop.Set();
        Table.Memory.EndReadiness();
        _sweeping.Join();
        _master.StopPushing();
        _door?.StopFeed();
        _master.Stop();
        _backup.Stop();
        _snapshot.Wait(s_snapshotPatience);
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
        _snapshotStop.Dispose();
    }

    private void Sweep()
    {
        var reporter = new LossReporter(_metrics, _log);
        var census = new LaneCensus(_backup.Readers, _backup.Stray, _options.Port, _log);
        MissingReporter? missing = _book is null ? null : new MissingReporter(Table, _book, _log);
        Receiver[] readers = [.. _master.Readers, .. _backup.Readers];
        var watch = new WorkerWatch([.. _master.Workers, .. _backup.Workers], _time);
        for (int second = 1; !_sweeperStop.Wait(1000); second++)
        {
            _door?.CheckDaemons();
            if (_book?.IsDue(second) == true)
                ReadDestinations();
            _backup.CheckDrops();
            Table.Sweep();
            Rates.Sample();
            foreach (Receiver reader in readers)
                reader.CountDrops();
            CheckWorkers(watch);
            if (second % LossReporter.IntervalSeconds != 0)
                continue;
            reporter.Report();
            census.Report();
            missing?.Report();
        }

        reporter.Report();
    }

    private async Task TakeSnapshotAsync(StartSnapshot snapshot)
    {
        long start = _time.GetTimestamp();
        try
        {
            await snapshot.ReadAsync(_snapshotStop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IpvsUnavailableException)
        {
            _log.SnapshotFailed(exception.Message);
            return;
        }

        Table.Signal(Origin.Local);
        if (snapshot.Own + snapshot.Synced + snapshot.Skipped > 0)
            _log.SnapshotTaken(snapshot.Own, snapshot.Synced, snapshot.Skipped, _time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>While a worker hangs, nobody is told that all is well; it is named once.</summary>
    private void CheckWorkers(WorkerWatch watch)
    {
        Worker? hanging = watch.FindHanging();
        if (hanging is null)
            Moved?.Invoke();
        else if (hanging != _hanging)
            _log.WorkerHangs(hanging.Name, WorkerWatch.Patience.TotalSeconds);
        _hanging = hanging;
    }

    /// <summary>Keeps the book of real servers true. A kernel that does not answer is asked again.</summary>
    private void ReadDestinations()
    {
        if (_door?.TryReadDestinations(out DestinationCatalogue? catalogue, out KernelTimeouts? timeouts) == true && _book!.Take(catalogue, timeouts))
            Table.Rebind();
    }

    private void OnEnded(Worker worker, Exception? fault)
    {
        if (!_stopping)
            Faulted?.Invoke(worker.Name, fault);
        else if (fault is not null)
            _log.FaultWhileStopping(worker.Name, fault);
    }
}
