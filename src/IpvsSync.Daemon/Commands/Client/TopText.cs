using System.Globalization;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The content of <c>top</c>, from the current state and the previous one.</summary>
internal static class TopText
{
    /// <summary>The headings of <see cref="Stages"/>.</summary>
    public static readonly IReadOnlyList<string> StageColumns = ["stage", "messages/s", "entries/s", "bytes/s", "lost", "refused", "older"];

    /// <summary>The headings of <see cref="Peers"/>.</summary>
    public static readonly IReadOnlyList<string> PeerColumns = ["peer", "state", "heard", "entries", "lost", "missing", "given up"];

    /// <summary>The headings of <see cref="Lanes"/>.</summary>
    public static readonly IReadOnlyList<string> LaneColumns = ["lane", "sent/s", "waiting", "received/s", "waiting for the kernel"];

    /// <summary>The headings of <see cref="States"/>.</summary>
    public static readonly IReadOnlyList<string> StateColumns = ["origin", "pro", "state", "connections", "change"];

    /// <summary>The first line.</summary>
    public static string Title(StatusAnswer now)
        => Invariant($"role {now.Role} on {now.Network.Interface}, {StatusText.Age(now)}; {now.Table.Connections} connections");

    /// <summary>How far the director is that learns, unless that is an alarm or it has nothing to learn; null then.</summary>
    public static string? Gate(StatusAnswer now) => now.Resync is { Open: true, Outcome: not "off" } resync ? GateText.Of(resync) : null;

    /// <summary>How connections leave the kernel; null if nothing leaves it, or from an older daemon.</summary>
    public static string? Feed(StatusAnswer now) => now.Kernel.Source is not { } feed ? null
        : feed.Kind == "bpf" ? Invariant($"feed by BPF, {feed.Missed} missed, {feed.Dropped} without room") : "feed by the kernel's master";

    /// <summary>The alarms, one sentence each.</summary>
    public static IEnumerable<string> Alarms(StatusAnswer now, StatusAnswer? before)
    {
        if (now.Resync is { Open: false } resync)
            yield return GateText.Of(resync);
        foreach (StatusStage stage in now.Stages)
        {
            if (stage.Lost > Lost(before, stage.Stage))
                yield return Invariant($"{stage.Stage}: {stage.Lost - Lost(before, stage.Stage)} messages lost since the last look");
        }

        foreach (StatusPeer peer in now.Peers)
        {
            if (peer.State == "lost")
                yield return Invariant($"peer {peer.Peer} is lost: last heard {peer.LastHeard:0} s ago");
            foreach (StatusPeerLink link in peer.State == "heard" ? peer.Links?.Where(link => link.State == "silent") ?? [] : [])
                yield return Invariant($"peer {peer.Peer} is silent on {link.Interface} for {link.LastHeard:0} s");
            if (GivenUp(peer) - GivenUp(before?.Peers.FirstOrDefault(old => old.Peer == peer.Peer)) is > 0 and var missing && before is not null)
                yield return Invariant($"peer {peer.Peer}: {missing} messages are missing for good since the last look");
        }

        foreach (StatusPath path in now.Network.Paths.Where(path => path.State != "up"))
            yield return Invariant($"way to {path.Peer} on {path.Interface}: {path.State}");
        if (now.Table.Unbound > 0)
            yield return Invariant($"{now.Table.Unbound} connections of the peers have no real server here: ipvs-syncd status names what is missing");
    }

    /// <summary>The rates and losses of each stage.</summary>
    public static IEnumerable<string[]> Stages(StatusAnswer now) => now.Stages.Select(stage => (string[])
    [
        stage.Stage,
        Rate(stage.MessagesPerSecond),
        Rate(stage.EntriesPerSecond),
        Rate(stage.BytesPerSecond),
        Text(stage.Lost),
        Text(stage.Refused.Values.Sum()),
        Text(stage.Older),
    ]);

    /// <summary>The peers: seconds since each was heard, and what came of it; what it has told since the previous state.</summary>
    public static IEnumerable<string[]> Peers(StatusAnswer now, StatusAnswer? before) => now.Peers.Select(peer => (string[])
    [
        peer.Peer,
        peer.State ?? "",
        Invariant($"{peer.LastHeard:0.0} s"),
        before?.Peers.FirstOrDefault(old => old.Peer == peer.Peer) is { } was && peer.Entries >= was.Entries ? Invariant($"+{peer.Entries - was.Entries:N0}") : "",
        Text(peer.Numbers?.Lost ?? 0),
        Text(peer.Numbers?.Missing ?? 0),
        Text(peer.Numbers?.GivenUp ?? 0),
    ]);

    /// <summary>The lanes, with their queues.</summary>
    public static IEnumerable<string[]> Lanes(StatusAnswer now) => now.Lanes.Select(lane => (string[])
    [
        Text(lane.Lane),
        Rate(lane.SentEntriesPerSecond),
        Queue(lane.ToPeers),
        Rate(lane.ReceivedEntriesPerSecond),
        Queue(lane.ToKernel),
    ]);

    /// <summary>How many of a table's first columns fit into a line.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="gap">Characters between two columns.</param>
    /// <param name="width">Characters of the line.</param>
    public static int Fitting(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, int gap, int width)
    {
        int[] widths = [.. columns.Select((name, column) => Math.Max(name.Length, rows.Select(row => row[column].Length).DefaultIfEmpty().Max()))];
        return TextTable.Fitting(widths, first: 0, used: -gap, gap, width);
    }

    /// <summary>The connections by kind, with the change since the previous state.</summary>
    public static IEnumerable<string[]> States(StatusAnswer now, StatusAnswer? before)
    {
        List<StatusCount> rest = [.. before?.Table.States ?? []];
        foreach (StatusCount count in now.Table.States)
        {
            int was = rest.Find(old => IsSame(old, count))?.Connections ?? 0;
            rest.RemoveAll(old => IsSame(old, count));
            yield return State(count, count.Connections, before is null ? 0 : count.Connections - was);
        }

        foreach (StatusCount gone in rest)
            yield return State(gone, 0, -gone.Connections);
    }

    private static string[] State(StatusCount kind, int connections, int change)
        => [kind.Origin, kind.Protocol, kind.State + (kind.Template ? " (template)" : ""), Text(connections), change == 0 ? "" : Invariant($"{change:+0;-0}")];

    private static string Queue(StatusQueue? queue) => queue is null ? "" : Invariant($"{queue.Waiting:N0} of {queue.Limit:N0}");

    private static bool IsSame(StatusCount left, StatusCount right) => left with { Connections = 0 } == right with { Connections = 0 };

    private static long GivenUp(StatusPeer? peer) => peer?.Numbers?.GivenUp ?? 0;

    private static long Lost(StatusAnswer? before, string stage) => before?.Stages.FirstOrDefault(old => old.Stage == stage)?.Lost ?? long.MaxValue;

    private static string Rate(double rate) => rate.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
