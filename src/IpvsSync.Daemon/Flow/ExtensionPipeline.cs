using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The direction of the sync network that the role of a director lacks: a master hears what its peers miss, a backup asks for what it misses.
/// No entries pass. One thread opens, starts and stops it, once.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="extensions">What the lanes say and hear.</param>
/// <param name="wires">Opens the sockets.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="exits">Hears of each worker that ends.</param>
internal sealed class ExtensionPipeline(
    SyncOptions options, DirectorExtensions extensions, IWires wires, TimeProvider time, ILogger log, WorkerExits exits)
    : IDisposable
{
    private readonly StageCounters _counters = new("extensions");
    private readonly ReceivingLanes _receivers = new(new WorkerGroup(exits.Note, time, log));
    private readonly SendingLanes _senders = new(new WorkerGroup(exits.Note, time, log), new StageCounters("extensions"), time);

    /// <summary>All workers, once it is open.</summary>
    public IEnumerable<Worker> Workers => [.. _receivers.Workers, .. _senders.Workers];

    /// <summary>Opens the receivers of a director that is no backup.</summary>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void OpenReceivers(ConnectionTable table)
    {
        var knows = SourceFilter.Of(options);
        var reader = new ReaderOptions { SyncId = (byte)options.SyncId };
        for (int lane = 0; lane < options.SyncPorts; lane++)
        {
            var inbox = new LaneInbox(extensions.Lanes[lane], takesEntries: false);
            _receivers.AddReceiver(
                "recv", wires.OpenPeerReceivers(lane), socket => new Receiver(socket, reader, Origin.Peer, table, _counters, inbox: inbox, knows: knows));
        }
    }

    /// <summary>Opens the senders of a director that is no master.</summary>
    /// <param name="queue">How their messages would be made.</param>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public void OpenSenders(LaneQueueOptions queue)
    {
        _senders.Open(options.SyncPorts, queue, extensions);
        for (int lane = 0; lane < options.SyncPorts; lane++)
            _senders.AddSender("send", wires.OpenPeerSender(lane), new WorkerActivity());
    }

    /// <summary>Starts the workers.</summary>
    public void Start()
    {
        _senders.Start();
        _receivers.Start();
    }

    /// <summary>Ends the workers.</summary>
    public void Stop(StopSteps steps)
    {
        exits.Expect();
        _receivers.Stop(steps);
        _senders.Drain(steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _receivers.Dispose();
        _senders.Dispose();
    }
}
