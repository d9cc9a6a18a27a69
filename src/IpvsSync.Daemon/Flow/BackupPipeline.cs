using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// From the peers to the table, in flow order: sockets of the peers' lanes, receivers. An <see cref="InjectPipeline"/> leads from there to
/// the kernel. One thread opens, starts and stops it, once; another pipeline may follow it.
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
    private readonly PushAddresses _pushAddresses = new(options.Kernel.PushAddress);
    private StrayReceiver? _stray;
    private LaneCensus? _census;

    /// <summary>The receivers of the peers' messages, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _receivers.Readers;

    /// <summary>All workers of this pipeline, once it is open.</summary>
    public IEnumerable<Worker> Workers => _receivers.Workers;

    /// <summary>Opens every socket.</summary>
    /// <param name="table">Gets the peers' connections.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void Open(ConnectionTable table)
    {
        for (int lane = 0; lane < options.SyncPorts; lane++)
            OpenReceiver(table, lane);
        if (options.Port + options.SyncPorts <= LastPort)
            OpenStray();
        _census = new LaneCensus(Readers, _stray, options.Port, log);
    }

    /// <summary>Starts the workers.</summary>
    public void Start()
    {
        _receivers.Start();
        for (int lane = 0; lane < Readers.Count; lane++)
            log.SyncThreadStarted("BACKUP", options.Interface.ToString(), options.SyncId, lane, options.Port + lane);
    }

    /// <summary>Logs what was found out about the peers' lanes since the last call.</summary>
    public void ReportLanes() => _census?.Report();

    /// <summary>Stops the receivers; what they have received is in the table.</summary>
    public void Stop(StopSteps steps)
    {
        exits.Expect();
        _receivers.Stop(steps);
    }

    /// <inheritdoc/>
    public void Dispose() => _receivers.Dispose();

    private void OpenReceiver(ConnectionTable table, int lane)
    {
        IReadOnlyList<LinkReceiver> links = wires.OpenPeerReceivers(lane);
        // Where there is no pusher, its addresses may be anybody's.
        EntryFilter? isPusher = options.Kernel is { IsManaged: true, PushIntervalMs: > 0 } ? _pushAddresses.Concern : null;
        var knows = SourceFilter.Of(options);
        LaneInbox? inbox = extensions is null ? null : new LaneInbox(extensions.Lanes[lane], takesEntries: true);
        _receivers.AddReceiver(
            "recv",
            links,
            socket => new Receiver(
                socket, ReaderOptions(), Origin.Peer, table, metrics.Received, isHidden: isPusher, peers: new LanePeers(peers, lane), inbox: inbox, knows: knows));
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
}
