using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>A master with simulated traffic, and a backup that learns only from its messages, over the loopback. One thread.</summary>
internal sealed class DemoPair : IDisposable
{
    /// <summary>The MTU of an Ethernet, so that figures are comparable; the loopback's own is 64 KiB.</summary>
    private const int Mtu = 1500;

    /// <summary>Socket memory in bytes. Without privileges the system limits it to <c>net.core.rmem_max</c>.</summary>
    private const int BufferSize = 4 << 20;

    /// <summary>How often the end waits for messages that are underway. Counted, so that a machine that stands still gives none of them up.</summary>
    private const int MostPauses = 600;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly SyncMetrics _masterMetrics;
    private readonly SyncMetrics _backupMetrics;
    private readonly Director _master;
    private readonly Director _backup;
    private readonly KernelShadow _kernelSame;
    private readonly KernelShadow _kernelDefaults;
    private readonly TimeProvider _time;
    private long _start;
    private volatile string? _fault;

    /// <summary>Makes two directors on <paramref name="network"/>, not started.</summary>
    public DemoPair(DemoOptions options, DemoNetwork network, IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        (_masterMetrics, _backupMetrics) = (new SyncMetrics(meters), new SyncMetrics(meters));
        SyncOptions common = options.Knobs.ToOptions() with
        {
            Interface = DemoNetwork.Interface,
            Group = network.Group,
            Port = network.Port,
            SyncPorts = options.SyncPorts,
            MaxMessageSize = SentCount.LargestWhole(Mtu),
            SocketBufferSize = BufferSize,
        };
        _master = Open(common, Role.Master, KernelMode.Embedded, _masterMetrics, options.Workload);
        _backup = Open(common, Role.Backup, KernelMode.None, _backupMetrics, options.Workload);
        _kernelSame = new KernelShadow(options.Knobs, options.Workload, common.MaxMessageSize, Mtu);
        _kernelDefaults = new KernelShadow(SyncKnobs.KernelDefaults, options.Workload, common.MaxMessageSize, Mtu);
    }

    /// <summary>The reason why a worker has ended by itself; null if none has.</summary>
    public string? Fault => _fault;

    /// <summary>Starts the backup, then the master and its traffic.</summary>
    public void Start()
    {
        _backup.Start();
        _master.Start();
        _start = _time.GetTimestamp();
    }

    /// <summary>Takes a snapshot of the progress.</summary>
    public DemoSnapshot Look()
    {
        TimeSpan elapsed = _time.GetElapsedTime(_start);
        _kernelSame.AdvanceTo((long)elapsed.TotalMilliseconds);
        _kernelDefaults.AdvanceTo((long)elapsed.TotalMilliseconds);
        return new DemoSnapshot
        {
            Elapsed = elapsed,
            Feed = DemoCount.Of(_masterMetrics.Feed),
            Sent = DemoCount.Of(_masterMetrics.Sent),
            Received = DemoCount.Of(_backupMetrics.Received),
            KernelSame = DemoCount.Of(_kernelSame.Sent),
            KernelDefaults = DemoCount.Of(_kernelDefaults.Sent),
            OnMaster = _master.Table.Count,
            OnBackup = _backup.Table.Count,
            Coalesced = _masterMetrics.Sent.Coalesced,
            Postponed = _masterMetrics.Sent.Postponed,
            Lost = _masterMetrics.Sent.Lost + _backupMetrics.Received.Lost,
        };
    }

    /// <summary>Ends the traffic, lets waiting messages arrive, and stops both directors.</summary>
    /// <returns>The last snapshot. Everything that was sent and has not arrived counts as lost.</returns>
    public DemoSnapshot Stop()
    {
        DemoSnapshot last = Look();
        _master.Stop();
        for (int pauses = 0; _backupMetrics.Received.Messages < _masterMetrics.Sent.Messages && pauses < MostPauses; pauses++)
            Thread.Sleep(s_pause);
        _backup.Stop();
        return Look() with
        {
            Elapsed = last.Elapsed,
            KernelSame = last.KernelSame,
            KernelDefaults = last.KernelDefaults,
            Lost = _masterMetrics.Sent.Lost + _masterMetrics.Sent.Messages - _backupMetrics.Received.Messages,
        };
    }

    /// <summary>Compares the tables of both directors after they have stopped.</summary>
    public TableComparison Compare() => TableComparison.Of(
        _master.Table.ToList(), _backup.Table.ToList(), _time.Milliseconds(), (long)_time.GetElapsedTime(_start).TotalMilliseconds);

    /// <inheritdoc/>
    public void Dispose()
    {
        _master.Dispose();
        _backup.Dispose();
    }

    private Director Open(SyncOptions common, Role role, KernelMode mode, SyncMetrics metrics, WorkloadOptions workload)
    {
        SyncOptions options = common with { Role = role, Kernel = new KernelOptions { Mode = mode } };
        Director director = new(options, metrics, new UdpSockets(options), _time, NullLogger<Director>.Instance) { Workload = workload };
        director.Faulted += (worker, fault) => _fault = $"{role}: {worker} has ended. {fault?.Message}";
        return director;
    }
}
