using System.Globalization;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The peers, their losses and the repair of ours as text.</summary>
internal static class PeerText
{
    private const string NotNumbered = "not numbered";
    private const string Heard = "heard";
    private const string Up = "up";

    /// <summary>Writes what there is, each part after an empty line.</summary>
    public static void Write(StatusAnswer status, TextWriter output)
    {
        Peers(status).WriteUnlessEmptyTo(output);
        Ways(status).WriteUnlessEmptyTo(output);
        Numbers(status).WriteUnlessEmptyTo(output);
        Repair(status).WriteUnlessEmptyTo(output);
        Held(status).WriteUnlessEmptyTo(output);
    }

    private static TextTable Peers(StatusAnswer status)
    {
        var table = new TextTable("peer", "instance", "state", " version", " last heard", " messages", " entries");
        foreach (StatusPeer peer in status.Peers)
        {
            table.Add(
                peer.Peer,
                peer.State is null ? "-" : peer.Instance ?? NotNumbered,
                peer.State ?? "-",
                Text(peer.Version),
                Ago(peer.LastHeard),
                Text(peer.Messages),
                Text(peer.Entries));
        }

        return table;
    }

    /// <summary>A row for each peer and link, and one for each address of <c>Peers</c> from which nothing has come.</summary>
    private static TextTable Ways(StatusAnswer status)
    {
        var table = new TextTable("way to", "on", "address", "state", " last heard", " lost", " per cent", " round trip", " MTU");
        List<StatusPath> paths = [.. status.Network.Paths];
        foreach (StatusPeer peer in status.Peers)
        {
            foreach (StatusPeerLink link in peer.Links ?? [])
            {
                StatusPath? path = TakePath(paths, link);
                string state = path is { State: not Up } ? path.State : link.State;
                table.Add(
                    peer.Peer, link.Interface, link.Address, state, Ago(link.LastHeard), Text(link.Lost),
                    string.Create(CultureInfo.InvariantCulture, $"{link.LostPercent:0.##}"), Milliseconds(link.RoundTripMs), Mtu(link.Mtu));
            }
        }

        foreach (StatusPath path in paths)
            table.Add(path.Peer, path.Interface, AddressOf(path.Peer), path.State == Up ? "not heard" : path.State, "-", "-", "-", "-", Mtu(path.Mtu));
        return table;
    }

    /// <summary>Takes out the way to where a link is heard. A link-local address may be the peer's on each link.</summary>
    private static StatusPath? TakePath(List<StatusPath> paths, StatusPeerLink link)
    {
        StatusPath? path = paths.Where(path => AddressOf(path.Peer) == link.Address).OrderByDescending(path => path.Interface == link.Interface).FirstOrDefault();
        if (path is not null)
            paths.Remove(path);
        return path;
    }

    /// <summary>The address in the text of a peer, which may have a port.</summary>
    private static string AddressOf(string peer) => PeerAddress.TryParse(peer, out PeerAddress? known) ? SourceAddress.From(known.Address).ToString() : peer;

    private static string Milliseconds(double? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0##} ms") : "-";

    private static string Mtu(int? mtu) => mtu is { } known ? Text(known) : "-";

    /// <summary>A row for each peer; and one for each of its lanes, if one is silent, or has lost messages while another has not.</summary>
    private static TextTable Numbers(StatusAnswer status)
    {
        var table = new TextTable(
            "messages of", " lost", " repaired", " missing", " given up", " late", " duplicates", " out of window", " repair", " longest");
        foreach (StatusPeer peer in status.Peers)
        {
            if (peer.Numbers is null)
                continue;
            Add(table, peer.Peer, peer.Numbers);
            foreach (StatusPeerLane lane in Differ(peer) ? peer.Lanes! : [])
                Add(table, string.Create(CultureInfo.InvariantCulture, $"  lane {lane.Lane}{Silence(lane)}"), lane.Numbers);
        }

        return table;
    }

    /// <summary>What the peers miss, and what they are told again: a row for each lane of which they have asked anything.</summary>
    private static TextTable Repair(StatusAnswer status)
    {
        var table = new TextTable("lane", " asked for by peers", " told again: messages", " entries", " left too long ago");
        foreach (StatusRepairLane lane in status.Repair?.Lanes.Where(lane => lane.Asked > 0) ?? [])
            table.Add(Text(lane.Lane), Text(lane.Asked), Text(lane.RetoldMessages), Text(lane.RetoldEntries), Text(lane.NotRetold));
        return table;
    }

    /// <summary>How many of this director's connections each peer holds.</summary>
    private static TextTable Held(StatusAnswer status)
    {
        var table = new TextTable("held by", " connections", " held", " per cent", " too many", " cells that differ", " compared");
        foreach (StatusHeld held in status.Repair?.Held ?? [])
        {
            table.Add(
                held.Peer, Text(held.Connections), Text(held.Held), string.Create(CultureInfo.InvariantCulture, $"{held.Percent:0.0}"),
                Text(held.Extra), Text(held.DifferingCells), Ago(held.Ago));
        }

        return table;
    }

    private static bool Differ(StatusPeer peer) => peer.Lanes is { Count: > 1 } lanes
        && (lanes.Select(lane => lane.State).Distinct().Count() > 1 || lanes.Select(lane => lane.Numbers.Lost + lane.Numbers.GivenUp > 0).Distinct().Count() > 1);

    private static void Add(TextTable table, string name, StatusNumbers numbers) => table.Add(
        name,
        Text(numbers.Lost),
        Text(numbers.Repaired),
        Text(numbers.Missing),
        Text(numbers.GivenUp),
        Text(numbers.Late),
        Text(numbers.Duplicates),
        Text(numbers.OutOfWindow),
        numbers.RepairMs is { } mean ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.#} ms") : "-",
        numbers.LongestRepairMs is { } longest ? string.Create(CultureInfo.InvariantCulture, $"{longest} ms") : "-");

    private static string Silence(StatusPeerLane lane) => lane.State == Heard ? "" : $", {lane.State}, last heard {Ago(lane.LastHeard)}";

    private static string Ago(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s ago");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
