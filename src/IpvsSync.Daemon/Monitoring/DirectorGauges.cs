using System.Diagnostics.Metrics;
using System.Globalization;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Measures a director's lanes, peers, table and state, with labels. Any thread may read; there are no lane and peer values before the
/// director is ready.
/// </summary>
/// <param name="director">The director.</param>
/// <param name="metrics">The metrics whose meter has the instruments.</param>
/// <param name="time">The clock of its table.</param>
internal sealed class DirectorGauges(Director director, SyncMetrics metrics, TimeProvider time)
{
    private readonly TableCensus _census = new(director.Table, () => director.Timeouts, metrics.Staleness, time);

    /// <summary>Creates the instruments on the meter of the metrics. Call it once.</summary>
    public void Register()
    {
        AddLanes(metrics.Meter);
        AddPeers(metrics.Meter);
        AddState(metrics.Meter);
        new FeedGauges(() => director.Feed ?? default, metrics.Meter).Register();
        new ResyncGauges(() => director.IsReady, () => director.Resync, metrics.Meter).Register();
    }

    /// <summary>Messages by stage and lane.</summary>
    private IEnumerable<Measurement<long>> LaneMessages() => Lanes(receiver => receiver.Messages, sender => sender.Messages);

    /// <summary>Entries by stage and lane.</summary>
    private IEnumerable<Measurement<long>> LaneEntries() => Lanes(receiver => receiver.Entries, sender => sender.Entries);

    /// <summary>Waiting messages by stage and lane.</summary>
    private IEnumerable<Measurement<long>> Waiting() => Lanes(receiver: null, sender => sender.Waiting);

    /// <summary>The limit of waiting messages by stage and lane.</summary>
    private IEnumerable<Measurement<long>> WaitingLimit() => Lanes(receiver: null, sender => sender.WaitingLimit);

    /// <summary>Messages by peer.</summary>
    private IEnumerable<Measurement<long>> PeerMessages() => Peers((peer, _) => peer.Messages);

    /// <summary>Entries by peer.</summary>
    private IEnumerable<Measurement<long>> PeerEntries() => Peers((peer, _) => peer.Entries);

    /// <summary>Seconds since the last message by peer.</summary>
    private IEnumerable<Measurement<double>> PeerSilence() => Peers((peer, nowMs) => Math.Max(0, nowMs - peer.HeardMs) / 1000.0);

    /// <summary>Version by peer.</summary>
    private IEnumerable<Measurement<long>> PeerVersion() => Peers((peer, _) => (long)peer.Version);

    /// <summary>Connections by origin.</summary>
    private IEnumerable<Measurement<long>> Connections()
    {
        (long local, long peer) = _census.Count();
        return [new(local, Label("origin", Control.OriginText.Of(Origin.Local))), new(peer, Label("origin", Control.OriginText.Of(Origin.Peer)))];
    }

    /// <summary>Peers' connections without a real server here.</summary>
    private IEnumerable<Measurement<long>> Unbound() => [new(director.Table.Unbound)];

    /// <summary>The role in force: 1 or 0 for each pipeline.</summary>
    private IEnumerable<Measurement<long>> Roles() =>
    [
        new(director.Options.IsMaster ? 1 : 0, Label("role", "master")),
        new(director.Options.IsBackup ? 1 : 0, Label("role", "backup")),
    ];

    private void AddLanes(Meter meter)
    {
        meter.CreateObservableCounter("ipvs_sync.lane_messages", LaneMessages, "{message}", "Sync messages that passed a lane of a stage.");
        meter.CreateObservableCounter("ipvs_sync.lane_entries", LaneEntries, "{entry}", "Connection entries that passed a lane of a stage.");
        meter.CreateObservableGauge("ipvs_sync.queue_messages", Waiting, "{message}", "Finished messages that wait in a lane.");
        meter.CreateObservableGauge("ipvs_sync.queue_limit_messages", WaitingLimit, "{message}", "Maximum number of finished messages that wait in a lane; further ones are lost.");
    }

    private void AddPeers(Meter meter)
    {
        meter.CreateObservableCounter("ipvs_sync.peer_messages", PeerMessages, "{message}", "Readable messages of a peer.");
        meter.CreateObservableCounter("ipvs_sync.peer_entries", PeerEntries, "{entry}", "Valid entries in the messages of a peer.");
        meter.CreateObservableGauge("ipvs_sync.peer_silence", PeerSilence, "s", "Time since the last message of a peer.");
        meter.CreateObservableGauge("ipvs_sync.peer_version", PeerVersion, unit: null, "Protocol version of the last message of a peer.");
    }

    private void AddState(Meter meter)
    {
        meter.CreateObservableGauge("ipvs_sync.connections", Connections, "{connection}", "Connections in the table, by the source of their last update.");
        meter.CreateObservableGauge("ipvs_sync.connections_limit", () => (long)director.Table.Limit, "{connection}", "Most connections that the table takes.");
        meter.CreateObservableGauge("ipvs_sync.unbound_connections", Unbound, "{connection}", "Connections of the peers whose service or real server is missing here.");
        meter.CreateObservableGauge("ipvs_sync.role", Roles, unit: null, "1 for each direction that runs: master sends, backup receives.");
        meter.CreateObservableGauge("ipvs_sync.reload_applied", () => director.LastReload.IsApplied ? 1L : 0, unit: null, "1 if the last reload was applied, or there was none.");
        meter.CreateObservableGauge("ipvs_sync.reload_time", () => director.LastReload.Seconds, "s", "Time of the last reload, or of the start, in seconds since the epoch.");
        meter.CreateObservableGauge("ipvs_sync.link_up", () => OfLinks(link => link.Condition == LinkCondition.Up ? 1L : 0), unit: null, "1 while a sync interface is up, with a carrier and an address.");
        meter.CreateObservableCounter("ipvs_sync.link_changes", () => OfLinks(link => link.Changes), "{change}", "Changes of a sync interface, its carrier and its address.");
        meter.CreateObservableGauge("ipvs_sync.way_up", WaysUp, unit: null, "1 while messages to the group or to an address of Peers leave and nobody refuses them.");
        meter.CreateObservableGauge("ipvs_sync.message_size", () => (long)director.Network.Size.Message, "By", "Largest message to the peers now.");
    }

    private IEnumerable<Measurement<long>> OfLinks(Func<LinkSnapshot, long> value)
        => director.Network.Links.Select(link => new Measurement<long>(value(link.Now), Label("interface", link.Name)));

    private IEnumerable<Measurement<long>> WaysUp()
    {
        long nowMs = time.Milliseconds();
        return director.Network.Paths.Select(path => new Measurement<long>(
            path.StateAt(nowMs) == "up" ? 1 : 0, Label("peer", path.Path.Peer?.Address.ToString() ?? "group"), Label("interface", path.Path.Interface)));
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<long>> OfLanes<T>(StageCounters stage, IReadOnlyList<T> lanes, Func<T, long> value)
        => lanes.Select((lane, number) => new Measurement<long>(
            value(lane), Label("stage", stage.Stage), Label("lane", number.ToString(CultureInfo.InvariantCulture))));

    private IEnumerable<Measurement<long>> Lanes(Func<Receiver, long>? receiver, Func<Sender, long> sender)
    {
        if (!director.IsReady)
            return [];
        IEnumerable<Measurement<long>> outgoing =
            OfLanes(metrics.Sent, director.Senders, sender).Concat(OfLanes(metrics.Injected, director.Injectors, sender));
        return receiver is null
            ? outgoing
            : outgoing.Concat(OfLanes(metrics.Feed, director.Feeds, receiver)).Concat(OfLanes(metrics.Received, director.Receivers, receiver));
    }

    private IEnumerable<Measurement<T>> Peers<T>(Func<PeerSnapshot, long, T> value)
        where T : struct
    {
        if (!director.IsReady)
            return [];
        long nowMs = time.Milliseconds();
        return director.PeerAccounts.Select(account => new Measurement<T>(value(account.Peer, nowMs), Label("peer", account.Peer.Name)));
    }
}
