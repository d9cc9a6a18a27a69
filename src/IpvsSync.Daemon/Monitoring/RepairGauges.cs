using System.Diagnostics.Metrics;
using System.Globalization;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Measures what becomes of numbered messages: those of the peers by peer, and ours by lane. Any thread may read; there are no values without
/// <c>Extensions</c>, and none of peers that do not number their messages.
/// </summary>
/// <param name="director">The director.</param>
/// <param name="metrics">The metrics whose meter has the instruments.</param>
/// <param name="time">The clock of its table.</param>
internal sealed class RepairGauges(Director director, SyncMetrics metrics, TimeProvider time)
{
    /// <summary>A peer that has not said for so long what it holds is gone.</summary>
    private const long HeldForMs = 12 * FlowConstants.DigestMs;

    /// <summary>Creates the instruments on the meter of the metrics. Call it once.</summary>
    public void Register()
    {
        AddPeers(metrics.Meter);
        AddTimes(metrics.Meter);
        AddLanes(metrics.Meter);
        AddInbox(metrics.Meter);
        AddHeld(metrics.Meter);
        AddLinks(metrics.Meter);
    }

    private void AddLinks(Meter meter)
    {
        meter.CreateObservableGauge("ipvs_sync.peer_link_up", () => PeerLinks<long>(link => link.State == "heard" ? 1L : 0), unit: null, "1 while a peer is heard on a link, 0 when it has been silent there for 3 s.");
        meter.CreateObservableCounter("ipvs_sync.peer_link_lost", () => PeerLinks<long>(link => link.Lost), "{message}", "Messages of a peer that did not come over a link; another may have brought them.");
        meter.CreateObservableGauge("ipvs_sync.peer_link_round_trip", () => PeerLinks<double>(link => link.RoundTripMs / 1000.0), "s", "Mean time until a peer answers on a link.");
    }

    private IEnumerable<Measurement<T>> PeerLinks<T>(Func<StatusPeerLink, T?> value)
        where T : struct
    {
        if (director.Extensions is not { } extensions)
            yield break;
        var links = new PeerLinkReport(director.Network, extensions.Probed);
        foreach (StatusPeer peer in PeerReport.Of(director.PeerAccounts, time.Milliseconds(), links))
        {
            foreach (StatusPeerLink link in peer.Links ?? [])
            {
                if (value(link) is { } known)
                    yield return new Measurement<T>(known, Label("peer", peer.Peer), Label("interface", link.Interface));
            }
        }
    }

    private void AddPeers(Meter meter)
    {
        meter.CreateObservableGauge("ipvs_sync.peer_up", PeersUp, unit: null, "1 while a peer that numbers its messages is heard, 0 when it has been silent for 3 s.");
        CountPeers(meter, "ipvs_sync.peer_lost", counts => counts.Lost, "Messages of a peer that did not come in time and were asked for.");
        CountPeers(meter, "ipvs_sync.peer_repaired", counts => counts.Repaired, "Lost messages of a peer whose entries it has told again.");
        CountPeers(meter, "ipvs_sync.peer_given_up", counts => counts.Missing, "Messages of a peer that never came, and were not told again.");
        CountPeers(meter, "ipvs_sync.peer_late", counts => counts.Late, "Messages of a peer that came after a later one.");
        CountPeers(meter, "ipvs_sync.peer_duplicates", counts => counts.Duplicates, "Messages of a peer that came before; they are dropped.");
        CountPeers(meter, "ipvs_sync.peer_out_of_window", counts => counts.OutOfWindow, "Messages of a peer that came too late to know whether they came before; they are dropped.");
        meter.CreateObservableGauge("ipvs_sync.peer_missing", () => Peers(numbers => numbers.Open), "{message}", "Messages of a peer that have not come and may still come, or be told again.");
    }

    private void AddTimes(Meter meter)
    {
        meter.CreateObservableCounter("ipvs_sync.peer_repairs", () => Peers(numbers => numbers.Counts.Repairs), "{message}", "Lost messages of a peer that came after all or were told again.");
        meter.CreateObservableCounter(
            "ipvs_sync.peer_repair", () => Peers(numbers => numbers.Counts.RepairMs / 1000.0), "s", "Time until lost messages of a peer came or were told again, all together.");
        meter.CreateObservableGauge(
            "ipvs_sync.peer_repair_longest", () => Peers(numbers => numbers.Counts.LongestRepairMs / 1000.0), "s", "The longest such time.");
    }

    private void AddLanes(Meter meter)
    {
        CountLanes(meter, "ipvs_sync.nacks_sent", lane => lane.Nacks, "Messages in which this director has asked for what it missed.");
        CountLanes(meter, "ipvs_sync.nacked", lane => lane.Repair.Asked, "Messages of this director that peers have asked for; each time is counted.");
        CountLanes(meter, "ipvs_sync.retold_messages", lane => lane.Repair.Messages, "Messages in which this director has told entries again.");
        meter.CreateObservableCounter("ipvs_sync.retold_entries", () => Lanes(lane => lane.Repair.Entries), "{entry}", "Entries in those messages.");
        CountLanes(meter, "ipvs_sync.not_retold", lane => lane.Repair.Gone, "Messages that peers have asked for, and that left too long ago to be told again.");
    }

    private void AddInbox(Meter meter)
    {
        Sum(meter, "ipvs_sync.control_malformed", lane => lane.Inbox.Malformed, "Messages between daemons of this kind with a field that makes no sense.");
        Sum(meter, "ipvs_sync.control_unknown", lane => lane.Inbox.Unknown, "Kinds and fields of such messages that this daemon does not know.");
        Sum(meter, "ipvs_sync.own_returned", lane => lane.Inbox.Own, "Messages of this director that came back from the network.");
        Sum(meter, "ipvs_sync.unplaced_messages", lane => lane.Windows.Unknown, "Messages of more instances than there is place for: their losses are not noticed.");
    }

    private void AddHeld(Meter meter)
    {
        meter.CreateObservableGauge("ipvs_sync.held_ratio", () => Held(held => held.Share), unit: null, "Share of this director's connections that a peer holds, as it says each 10 s; gone when it has not said so for two minutes.");
        meter.CreateObservableGauge("ipvs_sync.held_extra_connections", () => Held(held => held.Extra), unit: null, "Connections of this director that a peer holds and this director has not, or no longer.");
        meter.CreateObservableGauge("ipvs_sync.held_differing_cells", () => Held(held => held.Differing), unit: null, "How many of 4096 parts of this director's connections differ at a peer; they are told again.");
    }

    private IEnumerable<Measurement<T>> Held<T>(Func<HeldReport, T> value)
        where T : struct
        => HeldReport.Of(OwnLanes.SelectMany(lane => lane.Held.Since(time.Milliseconds() - HeldForMs))).Select(held => new Measurement<T>(value(held), Label("peer", held.Source.ToString())));

    private void CountPeers(Meter meter, string name, Func<WindowCounts, long> value, string description)
        => meter.CreateObservableCounter(name, () => Peers(numbers => value(numbers.Counts)), "{message}", description);

    private void CountLanes(Meter meter, string name, Func<LaneExtensions, long> value, string description)
        => meter.CreateObservableCounter(name, () => Lanes(value), "{message}", description);

    private void Sum(Meter meter, string name, Func<LaneExtensions, long> value, string description)
        => meter.CreateObservableCounter(name, () => OwnLanes.Sum(value), "{message}", description);

    private IReadOnlyList<LaneExtensions> OwnLanes => director.Extensions?.Lanes ?? [];

    private IEnumerable<Measurement<long>> PeersUp()
    {
        long nowMs = time.Milliseconds();
        return Numbered().Where(peer => peer.IsNumbered && peer.Peer.Address is not null)
            .Select(peer => new Measurement<long>(peer.StateAt(nowMs) == PeerState.Lost ? 0 : 1, Label("peer", peer.Peer.Name)));
    }

    private IEnumerable<Measurement<T>> Peers<T>(Func<NumbersAccount, T> value)
        where T : struct
        => Numbered().Select(peer => new Measurement<T>(value(peer.Numbers!), Label("peer", peer.Peer.Name)));

    private IEnumerable<PeerAccount> Numbered() => director.IsReady ? director.PeerAccounts.Where(peer => peer.Numbers is not null) : [];

    private IEnumerable<Measurement<long>> Lanes(Func<LaneExtensions, long> value)
        => OwnLanes.Select((lane, number) => new Measurement<long>(value(lane), Label("lane", number.ToString(CultureInfo.InvariantCulture))));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
