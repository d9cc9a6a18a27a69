using System.Globalization;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The daemon's state as text.</summary>
internal static class StatusText
{
    /// <summary>Writes the complete state.</summary>
    public static void Write(StatusAnswer status, TextWriter output)
    {
        StatusNetwork network = status.Network;
        output.WriteLine(Invariant($"role {status.Role}{Configured(status)}, {Age(status)}"));
        if (status.Resync is { } resync)
            output.WriteLine(GateText.Of(resync));
        if (status.Kernels is { Running: true } told)
            output.WriteLine(GateText.Of(told));
        output.WriteLine(Invariant(
            $"sync network {network.Interface}: {Destinations(network)}, first port {network.Port}, sync id {network.SyncId}, sends version {network.SyncVersion}{Size(network)}"));
        foreach ((string name, StatusLink link) in Links(network).Where(one => one.Link.State != "up"))
            output.WriteLine(Invariant($"sync interface {name}: {link.State} for {TimeSpan.FromSeconds((long)link.Seconds):c}"));
        if (status.Authentication is { } authentication)
            output.WriteLine(SignatureText.Of(authentication));
        output.WriteLine(Kernel(status.Kernel));
        if (status.Kernel.Source is { } source)
            output.WriteLine(Source(source));
        if (BackupOnly(status) is { } meaning)
            output.WriteLine(Invariant($"backup_only is on: {meaning}"));
        output.WriteLine();
        Stages(status).WriteTo(output);
        output.WriteLine();
        Lanes(status).WriteTo(output);
        PeerText.Write(status, output);
        if (status.Authentication is { } signatures)
            SignatureText.Peers(signatures).WriteUnlessEmptyTo(output);
        output.WriteLine();
        output.WriteLine(Invariant($"table: {status.Table.Connections} connections, {status.Table.Limit} at most"));
        States(status).WriteUnlessEmptyTo(output);
        Refused(status).WriteUnlessEmptyTo(output);
        GateText.Runs(status).WriteUnlessEmptyTo(output);
        Missing(status).WriteUnlessEmptyTo(output);
        Persistence(status).WriteUnlessEmptyTo(output);
    }

    private static string Destinations(StatusNetwork network)
        => network.Group.Length > 0 ? $"group {network.Group}{(network.Paths.Count > 0 ? " and peers" : "")}" : "peers";

    private static string Size(StatusNetwork network) => network.MessageSize > 0 ? Invariant($" in at most {network.MessageSize} bytes") : "";

    /// <summary>Each interface, also as an older daemon tells it.</summary>
    private static IEnumerable<(string Name, StatusLink Link)> Links(StatusNetwork network)
        => network.Links.Count > 0 ? network.Links.Select(link => (link.Interface, link.Link)) : network.Link is { } only ? [(network.Interface, only)] : [];

    private static string Configured(StatusAnswer status)
        => status.ConfiguredRole is { } configured && configured != status.Role ? $" (configured {configured})" : "";

    /// <summary>How long the daemon is ready, or runs though it is not: <c>ready for 01:01:01</c>. <c>top</c> says it too.</summary>
    public static string Age(StatusAnswer status)
        => Invariant($"{(status.Resync is { Open: false } ? "not ready, runs" : "ready")} for {TimeSpan.FromSeconds(status.Uptime):c}");

    private static string Kernel(StatusKernel kernel)
    {
        if (kernel.Interface is null)
            return $"kernel {kernel.Mode}";
        string feed = kernel.Feed is null ? "no feed" : $"feed {kernel.Feed}";
        string inject = kernel.Inject is null ? "nothing injected" : $"inject {kernel.Inject}";
        return $"kernel {kernel.Mode} on {kernel.Interface}: {feed}, {inject}";
    }

    private static string Source(StatusFeed feed)
    {
        string pushed = feed.Pushed ? "pushed out" : "not pushed out";
        return feed.Kind == "bpf"
            ? Invariant($"feed by BPF: {feed.Records} told, {feed.Confirmed} confirmed by the kernel's master, {feed.Missed} missed, {feed.Dropped} without room; the master's records are {pushed}")
            : $"feed by the kernel's master, whose records are {pushed}";
    }

    /// <summary>What <c>backup_only</c> means for the role; null if nothing.</summary>
    private static string? BackupOnly(StatusAnswer status) => (status.Kernel.BackupOnly, status.Role, status.Kernel.Inject) switch
    {
        (true, nameof(Role.Both), null) => "the peers' connections stay in the table while the role is Both",
        (true, nameof(Role.Both), _) => "this kernel balances nothing while its backup runs",
        (true, nameof(Role.Backup), _) => "this kernel balances nothing while the role is Backup",
        _ => null,
    };

    private static TextTable Stages(StatusAnswer status)
    {
        var table = new TextTable(
            "stage", " messages", " entries", " bytes", " messages/s", " entries/s", " bytes/s", " lost", " coalesced", " postponed", " older");
        foreach (StatusStage stage in status.Stages)
        {
            table.Add(
                stage.Stage,
                Text(stage.Messages),
                Text(stage.Entries),
                Text(stage.Bytes),
                Rate(stage.MessagesPerSecond),
                Rate(stage.EntriesPerSecond),
                Rate(stage.BytesPerSecond),
                Text(stage.Lost),
                Text(stage.Coalesced),
                Text(stage.Postponed),
                Text(stage.Older));
        }

        return table;
    }

    private static TextTable Lanes(StatusAnswer status)
    {
        var table = new TextTable(
            "lane", " port", " messages sent", " entries", " entries/s", " waiting", " messages received", " entries", " entries/s", " waiting for the kernel");
        foreach (StatusLane lane in status.Lanes)
        {
            table.Add(
                Text(lane.Lane),
                Text(lane.Port),
                Text(lane.SentMessages),
                Text(lane.SentEntries),
                Rate(lane.SentEntriesPerSecond),
                Queue(lane.ToPeers),
                Text(lane.ReceivedMessages),
                Text(lane.ReceivedEntries),
                Rate(lane.ReceivedEntriesPerSecond),
                Queue(lane.ToKernel));
        }

        return table;
    }

    private static string Queue(StatusQueue? queue) => queue is null ? "-" : Invariant($"{queue.Waiting} of {queue.Limit}");

    private static TextTable States(StatusAnswer status)
    {
        var table = new TextTable("origin", "pro", "state", " connections");
        foreach (StatusCount count in status.Table.States)
            table.Add(count.Origin, count.Protocol, count.State + (count.Template ? " (template)" : ""), Text(count.Connections));
        return table;
    }

    private static TextTable Refused(StatusAnswer status)
    {
        var table = new TextTable("stage", "refused for", " count");
        foreach (StatusStage stage in status.Stages)
        {
            foreach ((string reason, long count) in stage.Refused)
                table.Add(stage.Stage, reason, Text(count));
        }

        return table;
    }

    private static TextTable Missing(StatusAnswer status)
    {
        var table = new TextTable("not configured here", "real server", " connections that wait for it");
        foreach (StatusMissing missing in status.Table.Missing)
            table.Add(missing.Service, missing.Server ?? "(the service itself)", Text(missing.Connections));
        return table;
    }

    private static TextTable Persistence(StatusAnswer status)
    {
        var table = new TextTable("persistent on one side only", "on");
        foreach (StatusPersistence difference in status.Table.Persistence)
            table.Add(difference.Service, difference.Here ? "this director" : "the peers");
        return table;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double rate) => rate.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
