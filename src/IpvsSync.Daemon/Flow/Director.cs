using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Memory;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// One whole director: the table, the pipelines from the kernel to the peers (<see cref="MasterPipeline"/>) and from the peers to the
/// kernel (<see cref="BackupPipeline"/>), and the kernel session around them, started and stopped in flow order. One thread starts and
/// stops it.
/// </summary>
internal sealed class Director : IDisposable
{
    private readonly SyncMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _turn = new();
    private readonly Pipelines _pipelines;
    private readonly DestinationCache? _destinations;
    private readonly KernelRoom? _room;
    private readonly WorkerExits _exits;
    private readonly WorkerGroup _sweeping;
    private readonly SideDuties _duties;
    private readonly Housekeeping _housekeeping;
    private readonly LossReporter _losses;
    private readonly PeerReporter _peers;
    private readonly WayReporter _ways;
    private readonly AuthenticationReporter _authentication;
    private readonly MissingReporter? _missing;
    private readonly PersistenceReporter? _persistence;
    private readonly SnapshotReading _snapshots;
    private readonly Repetition _repetition;
    private readonly StopSteps _steps;
    private readonly WorkerGroup _watching;
    private readonly LearningDuty _learning;
    private long _unlinkedMs;
    private volatile KernelSession? _session;
    private KernelInterface? _kernelInterface;
    private volatile SyncOptions _options;
    private volatile bool _isBackupOnly;
    private volatile bool _ready;
    private volatile LastReload _lastReload;
    private long _readySince;

    /// <summary>A director that is not started.</summary>
    /// <param name="options">The configuration at the start.</param>
    /// <param name="metrics">Where everything is counted.</param>
    /// <param name="sockets">Opens the sockets; made for the same options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public Director(SyncOptions options, SyncMetrics metrics, ISockets sockets, TimeProvider time, ILogger<Director> log)
    {
        (Configured, _options, _metrics, _time, _log) = (options, options, metrics, time, log);
        _lastReload = new LastReload(IsApplied: true, time.GetUtcNow());
        Network = new SyncNetwork(options, sockets, time, log);
        Learner = new Learner(new LearnerOptions(options.SyncPorts, options.Resync.AloneAfterMs, options.Resync.TimeLimitMs));
        _pipelines = new Pipelines(options, metrics, new FollowingWires(sockets, Network, time, log), Learner, time, log, OnFault);
        _destinations = options.Kernel.IsManaged ? new DestinationCache() : null;
        Table = new ConnectionTable(time, new TableOutlets(_pipelines.ToPeers, _pipelines.ToKernel, _destinations), TableLimit.For(options), options.Extensions ? new OwnerSums() : null);
        _room = options.Kernel.IsConnected ? new KernelRoom(Table, new IpvsSysctls(), () => SystemMemory.Read()) : null;
        _snapshots = new SnapshotReading(Table, _destinations, options.Kernel.PushAddress, time, log);
        _repetition = new Repetition(Table, log);
        Rates = new StageRates(metrics, time);
        LaneRates = new LaneRates(options.SyncPorts, () => Senders, () => Receivers, time);
        _losses = new LossReporter(metrics, log);
        _peers = new PeerReporter(log, options.Interface, options.Group is not null);
        _ways = new WayReporter(options.Interface, log);
        _authentication = new AuthenticationReporter(log);
        _missing = _destinations is null ? null : new MissingReporter(Table, _destinations, log);
        _persistence = _destinations is null ? null : new PersistenceReporter(Table, _destinations, log);
        _exits = new WorkerExits(OnFault, log);
        _steps = new StopSteps(log);
        _sweeping = new WorkerGroup(_exits.Note, time, log);
        _duties = new SideDuties(time, log);
        _housekeeping = new Housekeeping(_pipelines, _turn, RunHousekeeping, Report, _duties, time, log);
        _housekeeping.StoodStill += OnStoodStill;
        if (options.Interface.Count > 1)
            _housekeeping.Look = LookAtLinks;
        _sweeping.Add("sweep", _housekeeping.Run, new WorkerActivity());
        _sweeping.Add("memory", Table.Memory.KeepReady, new WorkerActivity());
        _sweeping.Add("repeat", _repetition.Run, _repetition.Activity);
        _watching = new WorkerGroup(_exits.Note, time, log);
        foreach (SyncLink link in Network.Links)
            _watching.Add(Network.Links.Count == 1 ? "link" : $"link/{link.Name}", link.Run, new WorkerActivity());
        _learning = new LearningDuty(Learner, new LearningPlace(Network, _pipelines, Table, _snapshots, time), time, log);
        _watching.Add("resync", _learning.Run, _learning.Activity);
        Network.Changed += OnLinkChanged;
    }

    /// <summary>The traffic of the embedded director, in <c>Kernel:Mode</c> Embedded.</summary>
    public WorkloadOptions Workload { get; init; } = new();

    /// <summary>How the configuration was read last. Any thread.</summary>
    public LastReload LastReload => _lastReload;

    /// <summary>The settings of this director's kernel.</summary>
    public IpvsSysctls Sysctls { get; init; } = new();

    /// <summary>Tells others whether this director may take its addresses; by default nobody.</summary>
    public GateFile Gate
    {
        get => _learning.Gate;
        init => _learning.Gate = value;
    }

    /// <summary>The interfaces of the sync network, and the ways over them.</summary>
    public SyncNetwork Network { get; }

    /// <summary>Every connection that this director knows.</summary>
    public ConnectionTable Table { get; }

    /// <summary>Messages and entries of each stage in the last second.</summary>
    public StageRates Rates { get; }

    /// <summary>Entries of each lane in the last second.</summary>
    public LaneRates LaneRates { get; }

    /// <summary>True once every socket is open; the members below are valid from then on. Any thread may ask.</summary>
    public bool IsReady => _ready;

    /// <summary>How long it has been ready; since it last stood still, if it has.</summary>
    public TimeSpan Uptime => _time.GetElapsedTime(_readySince);

    /// <summary>The options at the start.</summary>
    public SyncOptions Configured { get; }

    /// <summary>The options in force: those at the start, with the policy of the last reload and the role of the last change.</summary>
    public SyncOptions Options => _options;

    /// <summary>Whether <c>backup_only</c> is on in this director's kernel.</summary>
    public bool IsBackupOnly => _isBackupOnly;

    /// <summary>The options that hold in the kernel: see <see cref="BackupOnly.InKernel"/>.</summary>
    public SyncOptions OptionsInKernel => BackupOnly.InKernel(_options, _isBackupOnly);

    /// <summary>Seconds by which the table keeps this director's own connections longer than their timeouts.</summary>
    public uint TimeoutMargin => _pipelines.ToPeers.TimeoutMargin;

    /// <summary>The senders to the peers, by lane; none while the master pipeline does not run.</summary>
    public IReadOnlyList<Sender> Senders => _pipelines.Master?.Writers ?? [];

    /// <summary>The receivers of the peers' messages, by lane; none while the backup pipeline does not run.</summary>
    public IReadOnlyList<Receiver> Receivers => _pipelines.Backup?.Readers ?? [];

    /// <summary>The receivers of the kernel's feed, by lane; none while the master pipeline does not run.</summary>
    public IReadOnlyList<Receiver> Feeds => _pipelines.Master?.Readers ?? [];

    /// <summary>How connections leave the kernel; null while the master pipeline does not run.</summary>
    public FeedSnapshot? Feed => _pipelines.Master?.Feed;

    /// <summary>The senders to the kernel, by lane; none while the inject pipeline does not run.</summary>
    public IReadOnlyList<Sender> Injectors => _pipelines.Inject?.Writers ?? [];

    /// <summary>The kernel's timeouts; its defaults until they are read.</summary>
    public KernelTimeouts Timeouts => _destinations?.Timeouts ?? KernelTimeouts.Default;

    /// <summary>What this director says to others like it; null without <see cref="SyncOptions.Extensions"/>.</summary>
    public DirectorExtensions? Extensions => _pipelines.Extensions;

    /// <summary>Learns from the peers what this director has missed.</summary>
    public Learner Learner { get; }

    /// <summary>How far this director is that learns. Any thread.</summary>
    public ResyncSnapshot Resync => Learner.Snapshot(_time.Milliseconds());

    /// <summary>The peers, known while the backup pipeline runs.</summary>
    public PeerRegistry Peers => _pipelines.Peers;

    /// <summary>The peers, with what became of the numbers of their messages. Any thread.</summary>
    public IReadOnlyList<PeerAccount> PeerAccounts => Daemon.Peers.PeerAccounts.Of(Peers.Snapshots, Extensions?.Windows ?? []);

    /// <summary>Counts the peers' connections whose service or real server is missing here. Any thread.</summary>
    public MissingCounts CountMissing() => _destinations is null || Table.Unbound == 0 ? new MissingCounts() : Table.CountMissing(_destinations.Snapshot);

    /// <summary>The services that are persistent on one side only, as of the last report. Any thread.</summary>
    public IReadOnlyList<PersistenceDifference> PersistenceDifferences => _persistence?.Differences ?? [];

    /// <summary>Raised when a worker has ended by itself, with its name and what it threw, if anything; on that worker's thread.</summary>
    public event Action<string, Exception?>? Faulted;

    /// <summary>Raised about once a second while every worker moves; on the sweeper's thread.</summary>
    public event Action? Moved
    {
        add => _housekeeping.Moved += value;
        remove => _housekeeping.Moved -= value;
    }

    /// <summary>Opens every socket, starts the kernel's daemons and the workers. When it returns, the director is ready.</summary>
    /// <exception cref="KernelSessionException">Another program uses the kernel's sync daemons, or the sysctls of others do not suffice.</exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl.</exception>
    public void Start()
    {
        if (Configured.Kernel.IsManaged)
            _session = KernelSession.Open(_options, KernelAccess.Open(), _log);
        _isBackupOnly = ReadBackupOnly();
        _kernelInterface = Configured.Kernel.IsConnected ? new KernelInterface(Configured.Kernel.Interface, NetworkInterfaces.IndexOf) : null;
        Table.Expect(ExpectedConnections());
        BeginLink();
        ReadDestinations();
        if (_destinations?.Snapshot.Services > FlowConstants.ServicesOfOneReading)
            ReadDestinations();
        _room?.Check();
        BeginLearning(ResyncReason.Start, IsKept());
        _pipelines.Enter(_options, OptionsInKernel.IsBackup, Table, Workload, () => _session?.Start(OptionsInKernel));
        _pipelines.Accompany(Table);
        _repetition.RefreshIdle(TimeSpan.FromSeconds(_options.IdleRefreshPeriod));
        _sweeping.Start();
        _watching.Start();
        _readySince = _time.GetTimestamp();
        _ready = true;
        _log.Ready(_options.Role.ToString(), _options.SyncPorts, _options.Interface.ToString(), Destinations(_options), _options.Port);
        foreach (string warning in OptionWarnings.Of(_options))
            _log.ConfigurationWarning(warning);
        if (_isBackupOnly)
            BackupOnlyReport.Found(_options, isOn: true, _log);
        _snapshots.Begin();
    }

    /// <summary>
    /// Applies the keys that a reload can apply while everything runs; nothing that waits is dropped. Other keys that differ are named and
    /// left as they are. Not while starting or stopping.
    /// </summary>
    /// <returns>The keys that were applied, and those that hold after a restart.</returns>
    /// <exception cref="KernelException">The kernel refused a sysctl.</exception>
    /// <exception cref="KernelSessionException">The journal cannot be written, or the sysctls of others do not suffice: all is as before.</exception>
    public ReloadOutcome Reload(SyncOptions fresh)
    {
        lock (_turn)
        {
            SyncOptions applied = OptionKeys.Reload(_options, fresh);
            var outcome = ReloadOutcome.Of(Configured, _options, fresh);
            if (outcome.Restart.Count > 0)
                _log.ReloadNeedsRestart(string.Join(", ", outcome.Restart.Select(change => change.Key)));
            if (applied == _options)
                return outcome;
            _session?.ChangePolicy(applied);
            _pipelines.Reload(applied);
            Table.Limit = TableLimit.For(applied);
            _repetition.RefreshIdle(TimeSpan.FromSeconds(applied.IdleRefreshPeriod));
            _options = applied;
            _log.Reloaded((int)applied.SyncVersion, applied.SyncThreshold, applied.SyncPeriod, applied.SyncRefreshPeriod, applied.SyncRetries);
            return outcome;
        }
    }

    /// <summary>Notes that the configuration was read anew. Any thread.</summary>
    public void NoteReload(bool isApplied) => _lastReload = new LastReload(isApplied, _time.GetUtcNow());

    /// <summary>
    /// Starts and stops pipelines so that those of <paramref name="role"/> run. A pipeline of both roles is not disturbed, and the table
    /// stays. A director that becomes a master sends all its own connections. Not while starting or stopping.
    /// </summary>
    /// <returns>False when something in the kernel could not be put back.</returns>
    /// <exception cref="KernelSessionException">
    /// Another program uses the kernel's sync daemons, or the sysctls of others do not suffice: all is as before.
    /// </exception>
    /// <exception cref="KernelException">The kernel refused a socket, a daemon or a sysctl: all is as before.</exception>
    public bool ChangeRole(Role role)
    {
        lock (_turn)
        {
            Role before = _options.Role;
            if (role == before)
                return true;
            bool becomesMaster = !_options.IsMaster;
            bool becomesBackup = !_options.IsBackup;
            SyncOptions wanted = _options with { Role = role };
            Enter(wanted, _isBackupOnly);
            if (!wanted.IsMaster)
                _repetition.CancelTelling();
            bool restored = Leave(wanted, _isBackupOnly);
            _pipelines.Accompany(Table);
            _options = wanted;
            _log.RoleChanged(role.ToString(), before.ToString());
            if (_isBackupOnly)
                BackupOnlyReport.Asked(wanted, _log);
            if (becomesBackup || !wanted.IsBackup)
                BeginLearning(ResyncReason.Role);
            if (becomesMaster)
                _snapshots.Begin();
            return restored;
        }
    }

    /// <summary>Has this director learn everything anew, on an operator's word. An open gate stays open. Any thread.</summary>
    /// <param name="from">The address of the peer to learn from; null for the best one.</param>
    /// <returns>Why that is not possible; null if it has begun.</returns>
    public string? LearnAgain(IPAddress? from)
    {
        if (!IsLearning)
            return _options.Extensions ? "The role of this director is Master: it takes no connections of others." : "Extensions is off.";
        uint instance = from is null ? 0 : InstanceAt(from);
        if (from is not null && instance == 0)
            return NoPeerAt(from);
        Learner.Begin(ResyncReason.Operator, _time.Milliseconds(), from: instance);
        return null;
    }

    /// <summary>Has a peer learn everything anew from this director. Any thread.</summary>
    /// <param name="peer">The address of the peer.</param>
    /// <returns>Why that is not possible; null if the peer has been told.</returns>
    public string? Teach(IPAddress peer)
    {
        if (Extensions is not { } extensions)
            return "Extensions is off.";
        uint instance = InstanceAt(peer);
        if (instance == 0)
            return NoPeerAt(peer);
        extensions.Lanes[0].Learning.Teach(instance);
        extensions.Lanes[0].Prompt();
        return null;
    }

    /// <summary>
    /// Tells everything that this director carries once, for kernels, which cannot ask. Gives up what an earlier call has begun. Any thread.
    /// </summary>
    /// <param name="entriesPerSecond">Connections a second at most; at least 1.</param>
    /// <returns>Why that is not possible; null if it has begun.</returns>
    public string? TellKernels(int entriesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entriesPerSecond, 1);
        if (!_options.IsMaster)
            return $"This director tells nothing: its role is {_options.Role}.";
        _repetition.TellKernels(entriesPerSecond);
        return null;
    }

    /// <summary>How far <see cref="TellKernels"/> is. Any thread.</summary>
    public KernelsTold KernelsTold => _repetition.KernelsTold;

    /// <summary>The steps of <see cref="Stop"/>. Any thread may ask how far they are.</summary>
    public StopSteps Stopping => _steps;

    /// <summary>
    /// Stops in flow order, sends what waits, and leaves the kernel as it was found. Whatever fails, every later step is made. Safe after
    /// a failed start, and a second time.
    /// </summary>
    /// <returns>False when something in the kernel could not be put back.</returns>
    public bool Stop()
    {
        _exits.Expect();
        _steps.Do("give up reading the kernel's table", _snapshots.Cancel);
        _housekeeping.Stop();
        _steps.Do("end watching the interfaces", Network.Stop);
        _steps.Do("end learning", _learning.Stop);
        _steps.Do("end the table's memory worker", Table.Memory.EndReadiness);
        _steps.Do("end telling connections again", _repetition.End);
        bool isIdle = _steps.Do("end the sweeper", _sweeping.Join);
        _steps.Do("end the interface's watcher", _watching.Join);
        _pipelines.LeaveMaster(() => _session?.StopFeed(), _steps);
        _pipelines.LeaveBackup(_steps);
        _pipelines.EndBeside(_steps);
        _steps.Do("report losses", _losses.Report);
        _steps.Do("end reading the kernel's table", _snapshots.Join);
        bool isRestored = _steps.Do("put the kernel back", () => (isIdle ? _session?.Restore() : _session?.RestoreApart()) ?? true);
        if (_ready)
            _log.Stopped(_metrics.Sent.Entries, _metrics.Injected.Entries);
        return isRestored;
    }

    /// <summary>
    /// Puts the kernel back while another thread hangs in a start, a change or a stop: the process is about to end. Any thread.
    /// </summary>
    /// <returns>False when something in the kernel could not be put back.</returns>
    public bool Abandon() => _session?.RestoreApart() ?? true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipelines.LeaveMaster(() => { }, _steps);
        _pipelines.LeaveBackup(_steps);
        _pipelines.EndBeside(_steps);
        _session?.Dispose();
        _housekeeping.Dispose();
        Network.Dispose();
        _learning.Dispose();
        _snapshots.Dispose();
    }

    /// <summary>Starts the pipelines of <paramref name="wanted"/> that do not run.</summary>
    private void Enter(SyncOptions wanted, bool isBackupOnly)
    {
        SyncOptions inKernel = BackupOnly.InKernel(wanted, isBackupOnly);
        try
        {
            _pipelines.Enter(wanted, inKernel.IsBackup, Table, Workload, () => _session?.Widen(inKernel));
        }
        catch
        {
            _session?.Narrow(OptionsInKernel);
            throw;
        }
    }

    /// <summary>Stops the pipelines that are not of <paramref name="wanted"/>.</summary>
    private bool Leave(SyncOptions wanted, bool isBackupOnly)
    {
        SyncOptions inKernel = BackupOnly.InKernel(wanted, isBackupOnly);
        var steps = new StopSteps(_log);
        if (!wanted.IsMaster)
            _pipelines.LeaveMaster(() => _session?.StopFeed(), steps);
        if (!wanted.IsBackup)
            _pipelines.LeaveBackup(steps);
        else if (!inKernel.IsBackup)
            _pipelines.LeaveInject(steps);
        return _session?.Narrow(inKernel) ?? true;
    }

    /// <summary>What cannot be read is as before: a wrong guess would stop an active director.</summary>
    private bool ReadBackupOnly() => Configured.Kernel.IsConnected && (BackupOnly.IsOn(Sysctls) ?? _isBackupOnly);

    /// <summary>
    /// Starts or stops the kernel's backup when somebody has changed <c>backup_only</c>: until it has stopped, an active director refuses
    /// every connection.
    /// </summary>
    private void FollowBackupOnly()
    {
        bool isOn = ReadBackupOnly();
        if (isOn == _isBackupOnly)
            return;
        if (BackupOnly.InKernel(_options, isOn) != OptionsInKernel)
        {
            Enter(_options, isOn);
            Leave(_options, isOn);
        }

        _isBackupOnly = isOn;
        BackupOnlyReport.Found(_options, isOn, _log);
    }

    /// <summary>Whether there is anything to learn from peers.</summary>
    private bool IsLearning => _options is { Extensions: true, IsBackup: true };

    private void BeginLearning(ResyncReason reason, bool isKept = false)
    {
        if (IsLearning)
            Learner.Begin(reason, _time.Milliseconds(), isKept);
        else
            Learner.Skip(_time.Milliseconds());
        _learning.WriteGate();
        if (isKept)
            _log.ResyncEnded(ResyncText.Of(Resync with { State = ResyncState.Ready }), ResyncText.Name(reason));
    }

    /// <summary>Whether a daemon before this one was ready, and the kernel has its connections still.</summary>
    private bool IsKept() => Configured.Kernel.IsManaged && Gate.IsOpen && KernelHoldings.HasAny(new PushAddresses(Configured.Kernel.PushAddress));

    /// <summary>The instance of the peer at an address; 0 if none is there that numbers its messages.</summary>
    private uint InstanceAt(IPAddress address)
        => Daemon.Peers.PeerAccounts.Instances(Extensions?.Windows ?? []).Where(peer => peer.IsAt(SourceAddress.From(address)))
            .OrderByDescending(peer => peer.HeardMs).FirstOrDefault().Instance;

    private static string Destinations(SyncOptions options)
        => $"{options.Group?.ToString() ?? "none"}{(options.Peers.Count > 0 ? $", peers {options.Peers}" : "")}";

    private static string NoPeerAt(IPAddress address) => $"No peer with Extensions was heard from {address}; status lists the peers.";

    /// <summary>The places of the kernel's table. Since Linux 7.2 the table begins small and grows, so its limit counts as well.</summary>
    private int ExpectedConnections()
        => _session is null ? 0 : (int)Math.Min(int.MaxValue, Math.Max(_session.ReadTableSize(), IpvsTableSize.Limit() ?? 0));

    private void BeginLink()
    {
        Network.Begin();
        _unlinkedMs = _time.Milliseconds();
        if (!Network.CarriesMessages)
            _pipelines.ToPeers.Hold();
    }

    /// <summary>
    /// Holds back what cannot leave. Once messages pass again, sends what may have been lost since an interface was last in order. On
    /// the thread that watches.
    /// </summary>
    private void OnLinkChanged(LinkCondition before, LinkCondition now)
    {
        if (before == LinkCondition.Up)
            _unlinkedMs = _time.Milliseconds() - FlowConstants.LinkNoticeMs;
        if (now > LinkCondition.NoCarrier)
            _pipelines.ToPeers.Release(_unlinkedMs);
        else
            _pipelines.ToPeers.Hold();
    }

    /// <summary>The director's part of each round of housekeeping.</summary>
    private void RunHousekeeping(int second)
    {
        _duties.Do("look for the kernel's interface", () => _kernelInterface?.Check());
        _session?.CheckDaemons();
        _duties.Do("follow backup_only", FollowBackupOnly);
        if (_destinations?.IsDue(second) == true)
            _duties.Do("read the destinations", ReadDestinations);
        _duties.Do("look at the kernel's room", CheckRoom);
        _duties.Do("look at the feed", () => _pipelines.Master?.CheckFeed());
        _duties.Do("look at the kernel's drops", () => _pipelines.Inject?.CheckDrops());
        _duties.Do("look at the ways to the peers", LookAtWays);
        _duties.Do("look for lost peers", () => _peers.Check(Extensions?.Windows ?? [], Peers.Snapshots, _time.Milliseconds()));
        _duties.Do("look at signatures", () => _authentication.Check(Extensions?.Outcomes ?? [], Extensions?.Keys.Ring, _time.Milliseconds()));
        Table.Sweep();
        _duties.Do("sample the rates", Rates.Sample);
        _duties.Do("sample the lanes' rates", LaneRates.Sample);
    }

    private void LookAtLinks()
        => _duties.Do("look for silent links", () => _peers.CheckLinks(Extensions?.Windows ?? [], _time.Milliseconds()));

    private void LookAtWays()
    {
        Network.Sample();
        _ways.Report(Extensions?.Probed ?? [], Network.Size);
    }

    /// <summary>Injects everything again when the kernel may hold more: it does not say what it has dropped.</summary>
    private void CheckRoom()
    {
        if (_room?.Check() == true)
            _pipelines.ToKernel?.Release(sinceMs: long.MinValue / 2);
    }

    private void Report()
    {
        _duties.Do("report losses", _losses.Report);
        _duties.Do("report what is not repaired", () => _peers.Report(PeerAccounts, Extensions?.Lanes ?? []));
        _duties.Do("report missing real servers", () => _missing?.Report());
        _duties.Do("report differences of persistence", () => _persistence?.Report());
    }

    /// <summary>Reads services and real servers. If the kernel does not answer, the next round asks again.</summary>
    private void ReadDestinations()
    {
        long readMs = _time.Milliseconds();
        if (_session?.TryReadDestinations(out DestinationSnapshot? snapshot, out KernelTimeouts? timeouts, out ExpiryRules? rules) == true
            && _destinations!.Update(snapshot, timeouts, rules, readMs))
            Table.Rebind();
    }

    /// <summary>
    /// Believes itself no longer: while this machine stood still, another director may have taken over its connections, and opened more. Whoever
    /// waits for the uptime before it takes an address back waits again.
    /// </summary>
    private void OnStoodStill(TimeSpan time)
    {
        Volatile.Write(ref _readySince, _time.GetTimestamp());
        _log.StoodStill(time.TotalSeconds);
        if (IsLearning)
            BeginLearning(ResyncReason.Gap);
    }

    private void OnFault(Worker worker, Exception? fault) => Faulted?.Invoke(worker.Name, fault);
}
