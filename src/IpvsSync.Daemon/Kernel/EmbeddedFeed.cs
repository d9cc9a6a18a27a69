using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The embedded director in place of the kernel: it carries a workload in real time, and what its policy would send goes into the
/// table, as the kernel's feed does. Runs on its own thread until stopped.
/// </summary>
internal sealed class EmbeddedFeed : IDisposable
{
    private const int TicksPerSecond = 1000;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(2);

    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly ConnectionTable _table;
    private readonly Outlet _outlet;
    private readonly StageCounters _counters;
    private readonly TimeProvider _time;
    private readonly SimulationDriver _driver;
    private int _entries;

    /// <summary>A feed of <paramref name="workload"/> with the policy of the options.</summary>
    /// <param name="options">What the operator asked for.</param>
    /// <param name="workload">The traffic.</param>
    /// <param name="table">Takes the connections.</param>
    /// <param name="outlet">The outlet of <paramref name="table"/> that is woken after each step.</param>
    /// <param name="counters">The stage of the feed.</param>
    /// <param name="time">The clock.</param>
    public EmbeddedFeed(SyncOptions options, WorkloadOptions workload, ConnectionTable table, Outlet outlet, StageCounters counters, TimeProvider time)
    {
        (_table, _outlet, _counters, _time) = (table, outlet, counters, time);
        Director = new EmbeddedDirector(Policy(options), OnSent);
        WorkloadServices.AddTo(Director);
        _driver = new SimulationDriver(Director, new Workload(workload));
    }

    /// <summary>The director. Only read it when the feed has stopped.</summary>
    public EmbeddedDirector Director { get; }

    /// <summary>Whether it waits for the next step or makes one.</summary>
    public WorkerActivity Activity { get; } = new();

    /// <summary>The policy that <see cref="KernelSettings"/> would set in the kernel, as the embedded director takes it.</summary>
    public static SyncSettings Policy(SyncOptions options) => new()
    {
        Threshold = options.SyncThreshold,
        Period = options.SyncPeriod,
        RefreshTicks = (long)KernelSettings.FeedRefresh(options) * TicksPerSecond,
        Retries = KernelSettings.FeedRetries(options),
        PersistMode = options.SyncPersistMode != 0,
        TicksPerSecond = TicksPerSecond,
    };

    /// <summary>Changes the policy. Any thread.</summary>
    public void Change(SyncOptions options) => Director.Change(Policy(options));

    /// <summary>Feeds until stopped.</summary>
    public void Run()
    {
        long start = _time.GetTimestamp();
        do
        {
            Activity.Begin();
            Feed((long)_time.GetElapsedTime(start).TotalMilliseconds);
            Activity.End();
        }
        while (!_stop.Wait(s_step));
    }

    /// <summary>Ends <see cref="Run"/>. Any thread.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Feed(long nowMs)
    {
        _driver.RunUntil(nowMs);
        if (_entries == 0)
            return;
        _outlet.Signal();
        _counters.Pass(0, _entries, 0);
        _entries = 0;
    }

    private void OnSent(in ConnectionEntry entry, SyncVerdict verdict)
    {
        if (_table.Apply(entry, Origin.Local) == ApplyOutcome.Full)
            _counters.Refuse(TableRefusal.Full);
        _entries++;
    }
}
