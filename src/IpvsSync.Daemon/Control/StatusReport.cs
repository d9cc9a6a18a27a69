using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control;

/// <summary>Makes the answer to <c>status</c>. Any thread may call it.</summary>
/// <param name="director">The director.</param>
/// <param name="metrics">The director's metrics.</param>
/// <param name="time">The clock of its table.</param>
internal sealed class StatusReport(Director director, SyncMetrics metrics, TimeProvider time)
{
    /// <summary>Makes the current state. It visits no connection, so that it may be asked for often.</summary>
    public StatusAnswer Make()
    {
        SyncOptions options = director.Options;
        return new StatusAnswer
        {
            Role = options.Role.ToString(),
            ConfiguredRole = director.Configured.Role.ToString(),
            Uptime = (long)director.Uptime.TotalSeconds,
            Resync = ResyncVerbs.Report(director.Resync),
            Kernels = ResyncVerbs.Report(director.KernelsTold),
            Network = Network(options),
            Kernel = Kernel(director.OptionsInKernel) with { BackupOnly = director.IsBackupOnly, Source = Source(director.OptionsInKernel, director.Feed) },
            Stages = [.. metrics.Stages.Zip(director.Rates.Latest, Stage)],
            Lanes = [.. director.LaneRates.Latest.Select((rates, lane) => Lane(options, lane, rates))],
            Peers = PeerReport.Of(director.PeerAccounts, time.Milliseconds(), new PeerLinkReport(director.Network, director.Extensions?.Probed ?? [])),
            Repair = director.Extensions is { } extensions ? PeerReport.Of(extensions, time.Milliseconds()) : null,
            Authentication = AuthenticationReport.Of(director.Extensions, time.Milliseconds()),
            Table = new StatusTable(
                director.Table.Count, director.Table.Limit, [.. Count(director.Table, Origin.Local), .. Count(director.Table, Origin.Peer)])
            {
                Unbound = director.Table.Unbound,
                Missing = [.. director.CountMissing().Named.Select(missing =>
                    new StatusMissing(missing.Destination.Service, missing.Destination.Server, missing.Connections))],
                Persistence = [.. director.PersistenceDifferences.Select(
                    difference => new StatusPersistence(difference.Service, difference.IsHere))],
            },
        };
    }

    private StatusNetwork Network(SyncOptions options)
    {
        SyncNetwork network = director.Network;
        long nowMs = time.Milliseconds();
        return new StatusNetwork(options.Interface.ToString(), options.Group?.ToString() ?? "", options.Port, options.SyncId, (int)options.SyncVersion)
        {
            Link = Link(network.Links[0].Now),
            Links = [.. network.Links.Select(link => new StatusNamedLink(link.Name, Link(link.Now), link.Mtu))],
            Paths = [.. network.Paths.Where(path => path.Path.Peer is not null).Select(path => new StatusPath(path.Path.Peer!.ToString(), path.Path.Interface, path.StateAt(nowMs), path.Mtu))],
            MessageSize = network.Size.Message,
        };
    }

    private StatusLink Link(LinkSnapshot link) => new(
        link.ConditionText, (time.Milliseconds() - link.SinceMs) / 1000.0, link.State?.Source?.ToString(), link.Changes);

    /// <summary>Null without a kernel.</summary>
    private static StatusFeed? Source(SyncOptions options, FeedSnapshot? feed)
        => options.Kernel.IsConnected && feed is { } now
            ? new StatusFeed(now.IsBpf ? "bpf" : "master", now.IsPushed, now.Records, now.Confirmed, now.Missed, now.Dropped)
            : null;

    private static StatusKernel Kernel(SyncOptions options)
    {
        KernelOptions kernel = options.Kernel;
        KernelMode mode = kernel.IsManaged ? KernelMode.Ipvs : kernel.Mode;
        bool isConnected = kernel.IsConnected;
        return new StatusKernel(
            mode.ToString(),
            isConnected ? kernel.Interface : null,
            isConnected && options.IsMaster ? Endpoint(kernel.FeedGroup, kernel.FeedPort) : null,
            isConnected && options.IsBackup ? Endpoint(kernel.InjectGroup, kernel.InjectPort) : null);
    }

    private static string Endpoint(IPAddress group, int port) => new IPEndPoint(group, port).ToString();

    private static StatusStage Stage(StageCounters stage, StageRate rate) => new()
    {
        Stage = stage.Stage,
        Messages = stage.Messages,
        Entries = stage.Entries,
        Bytes = stage.Bytes,
        MessagesPerSecond = Math.Round(rate.Messages, 1),
        EntriesPerSecond = Math.Round(rate.Entries, 1),
        BytesPerSecond = Math.Round(rate.Bytes, 1),
        Lost = stage.Lost,
        Coalesced = stage.Coalesced,
        Postponed = stage.Postponed,
        Older = stage.Older,
        Shortened = stage.Shortened,
        Refused = RefusalReason.All.Where(reason => stage.Refused(reason) > 0).ToDictionary(reason => reason.Name, stage.Refused),
    };

    private StatusLane Lane(SyncOptions options, int lane, (double Sent, double Received) rates)
    {
        Sender? sender = director.Senders.ElementAtOrDefault(lane);
        Receiver? receiver = director.Receivers.ElementAtOrDefault(lane);
        return new StatusLane
        {
            Lane = lane,
            Port = options.Port + lane,
            SentMessages = sender?.Messages ?? 0,
            SentEntries = sender?.Entries ?? 0,
            SentEntriesPerSecond = Math.Round(rates.Sent, 1),
            ToPeers = Queue(sender),
            ReceivedMessages = receiver?.Messages ?? 0,
            ReceivedEntries = receiver?.Entries ?? 0,
            ReceivedEntriesPerSecond = Math.Round(rates.Received, 1),
            ToKernel = Queue(director.Injectors.ElementAtOrDefault(lane)),
        };
    }

    private static StatusQueue? Queue(Sender? sender) => sender is null ? null : new StatusQueue(sender.Waiting, sender.WaitingLimit);

    private static IEnumerable<StatusCount> Count(ConnectionTable table, Origin origin)
    {
        int[] counts = table.CountKinds(origin);
        return ConnectionKind.All.Zip(counts).Where(pair => pair.Second > 0)
            .OrderBy(pair => (pair.First.Protocol, pair.First.State, pair.First.IsTemplate))
            .Select(pair => new StatusCount(
                OriginText.Of(origin),
                IpProtocol.Name(pair.First.Protocol),
                ConnectionState.Name(pair.First.Protocol, pair.First.State, pair.First.IsTemplate),
                pair.First.IsTemplate,
                pair.Second));
    }
}
