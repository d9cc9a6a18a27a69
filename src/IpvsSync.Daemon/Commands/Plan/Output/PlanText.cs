using System.Globalization;
using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Plan.Output;

/// <summary>Writes the plan for people: the traffic as text, a table, and the meaning of its columns.</summary>
internal static class PlanText
{
    /// <summary>The meaning of the columns; also part of the verb's help.</summary>
    public const string Legend = """
        policy         sync_threshold (two numbers), sync_refresh_period, sync_retries
        sent by        the kernel's own sync master, or this daemon with the same numbers
        messages,      UDP datagrams, IP packets and UDP payload on the sync network, per second
        packets,       (for this daemon with Extensions: with numbers, beats and digests)
        bytes /s
        median, 99 %,  seconds from a change on the director (a connection is established or closes, a template is made) until its
        worst          message is sent; for this daemon without the few milliseconds from the kernel to the daemon
        never told     connections and templates that the backup never received
        at risk        established TCP connections that the backup does not know, on average: those that a crash would reset
        expired early  connections that timed out on the backup while they existed on the director
        timer low      the least time left on a backup's timer, in percent of the timeout, when a packet had just restarted the director's
        """;

    private static readonly string[] s_headings =
    [
        "policy", "sent by", "messages/s", "packets/s", "bytes/s", "median", "99 %", "worst", "never told", "at risk", "expired early",
        "timer low",
    ];

    /// <summary>Writes the plan to <paramref name="output"/>.</summary>
    public static void Write(TextWriter output, PlanOptions options, IReadOnlyList<PlanResult> results)
    {
        foreach (string line in Introduction(options))
            output.WriteLine(line);
        output.WriteLine();
        foreach (string line in Table(results))
            output.WriteLine(line);
        output.WriteLine();
        output.WriteLine(Legend);
    }

    /// <summary>The name of the sender.</summary>
    public static string SenderName(PlanResult result) => result.IsDaemon ? "ipvs-syncd" : "kernel";

    private static IEnumerable<string> Introduction(PlanOptions options)
    {
        if (options.Sample is { } sample)
        {
            foreach (string line in SampleLines(sample))
                yield return line;
        }

        WorkloadOptions load = options.Workload;
        yield return Text($"{load.ConnectionsPerSecond:0.##} new connections a second for {options.Duration} s (seed {load.Seed}), ")
            + Text($"{load.UdpShare:0.#%} of them UDP, {load.PersistentShare:0.#%} to persistent services,");
        yield return Text($"from {load.Clients} clients; each {load.Packets.Mean:0.#} client packets in {load.Lifetime.Mean:0.#} s ")
            + (load.HasReplies ? "on average." : "on average, replies pass the director by.");
        yield return Text($"{load.BusyConnections} busy connections of {load.BusyPacketsPerSecond:0.##} packets a second. ")
            + Text($"Sync version {(int)options.Wire.Version}, messages of {options.Wire.MessageSize} bytes at most.");
    }

    private static IEnumerable<string> SampleLines(TableSample sample)
    {
        int closing = sample.FinWait + sample.TimeWait + sample.Closed;
        yield return Text($"Table: {sample.Tcp} TCP ({sample.Established} established, {closing} closing), {sample.Udp} UDP, ")
            + Text($"{sample.Persistent} to persistent services, {sample.Templates} templates, {sample.Clients} clients.");
        if (sample.OtherProtocols > 0)
            yield return Text($"  {sample.OtherProtocols} connections of other protocols are left out.");
        if (sample.IPv6 > 0)
            yield return Text($"  {sample.IPv6} are IPv6 and planned as IPv4: on the wire they take 72 bytes each instead of 36.");
        if (sample.Malformed == 0)
            yield break;
        yield return Text($"  {sample.Malformed} lines were not understood:");
        foreach (string fault in sample.Faults)
            yield return $"    {fault}";
    }

    private static IEnumerable<string> Table(IReadOnlyList<PlanResult> results)
    {
        string[][] rows = [s_headings, .. results.Select(Row)];
        int[] widths = [.. Enumerable.Range(0, s_headings.Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, i) => i < 2 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))));
    }

    private static string[] Row(PlanResult result) =>
    [
        result.Knobs.ToString(),
        SenderName(result),
        Text($"{result.Messages / result.Seconds:0.0}"),
        Text($"{result.Packets / result.Seconds:0.0}"),
        Text($"{result.Bytes / result.Seconds:0}"),
        Seconds(result.MedianMs),
        Seconds(result.P99Ms),
        Seconds(result.WorstMs),
        Text($"{result.NeverTold}"),
        Text($"{result.AtRisk:0.0}"),
        Text($"{result.ExpiredEarly}"),
        Text($"{result.LeastLeft * 100:0} %"),
    ];

    private static string Seconds(long milliseconds) => Text($"{milliseconds / 1000.0:0.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
