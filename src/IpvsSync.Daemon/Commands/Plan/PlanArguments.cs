using System.CommandLine;
using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Plan;

/// <summary>The options of <c>plan</c> that describe the traffic and the policies.</summary>
internal static class PlanArguments
{
    private const int LargestMessage = 65507;

    private static readonly WorkloadOptions s_usual = new();

    private static readonly Option<string?> s_sample = new("--sample")
    {
        Description = "Derive the traffic from a copy of /proc/net/ip_vs_conn; - is standard input. Closed connections stay in the table for a "
            + "known time, which gives the rate. The established ones divided by the rate give the lifetime. Templates give the persistent "
            + "share. Options given in addition override these values.",
        HelpName = "FILE",
    };

    private static readonly Option<double> s_rate = NumberOption.Of(
        "--rate", "N", "New connections per second.", s_usual.ConnectionsPerSecond, 0, 1e6);

    private static readonly Option<double> s_packets = NumberOption.Of(
        "--packets", "N", "Average number of client packets in a connection.", s_usual.Packets.Mean, 1, 1e9);

    private static readonly Option<double> s_lifetime = NumberOption.Of(
        "--lifetime", "SECONDS", "Average time from handshake to end.", s_usual.Lifetime.Mean, 0.001, 1e6);

    private static readonly Option<double> s_udp = NumberOption.Of(
        "--udp", "SHARE", "The share of UDP, 0 to 1; the rest is TCP.", s_usual.UdpShare, 0, 1);

    private static readonly Option<double> s_persistent = NumberOption.Of(
        "--persistent", "SHARE", "The share of connections to persistent services, 0 to 1.", s_usual.PersistentShare, 0, 1);

    private static readonly Option<int> s_busy = NumberOption.Of(
        "--busy", "N", "Connections that never end.", s_usual.BusyConnections, 0, 1_000_000);

    private static readonly Option<double> s_busyPackets = NumberOption.Of(
        "--busy-packets", "N", "Client packets per second on each of those.", s_usual.BusyPacketsPerSecond, 0.001, 1e6);

    private static readonly Option<int> s_clients = NumberOption.Of("--clients", "N", "Number of clients.", s_usual.Clients, 1, 1 << 24);
    private static readonly Option<int> s_duration = NumberOption.Of(
        "--duration", "SECONDS", "Length of the simulated traffic.", 1200, 1, 1_000_000);

    private static readonly Option<int> s_seed = NumberOption.Of(
        "--seed", "N", "The same seed makes the same traffic.", s_usual.Seed, int.MinValue, int.MaxValue);

    private static readonly Option<int> s_mtu = NumberOption.Of(
        "--mtu", "BYTES", "The largest IP packet of the sync network.", 1500, 576, 65535);

    private static readonly Option<int> s_messageSize = NumberOption.Of(
        "--message-size", "BYTES", "The largest message (sync_maxlen); 0 is what fits the MTU.", 0, 0, LargestMessage);

    private static readonly Option<int> s_version = NumberOption.Of("--sync-version", "0|1", "The version of the messages.", 1, 0, 1);

    private static readonly Option<bool> s_directRouting = new("--direct-routing") { Description = "Replies do not pass through the director." };

    private static readonly Option<SyncKnobs[]> s_policies = new("--policy")
    {
        Description = "Compare one more policy: the two numbers of sync_threshold, sync_refresh_period and sync_retries. "
            + "May be given several times.",
        HelpName = "\"THRESHOLD PERIOD REFRESH RETRIES\"",
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result => [.. result.Tokens.Select(token => SyncKnobs.Parse(token.Value, result))],
        DefaultValueFactory = _ => [],
    };

    /// <summary>The policies that are always included.</summary>
    private static readonly SyncKnobs[] s_usualPolicies =
    [
        SyncKnobs.KernelDefaults, new(3, 100), new(3, 50, 10, 3), new(3, 50, 60, 3), new(3, 50, 1000, 3), new(0, 0, 10, 3),
        SyncKnobs.Shipped,
    ];

    /// <summary>All these options.</summary>
    public static IEnumerable<Option> All =>
    [
        s_sample, s_rate, s_packets, s_lifetime, s_udp, s_persistent, s_busy, s_busyPackets, s_clients, s_directRouting, s_duration, s_seed,
        s_mtu, s_messageSize, s_version, s_policies,
    ];

    /// <summary>Reads the options.</summary>
    /// <exception cref="IOException">The sample cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The sample cannot be read.</exception>
    public static PlanOptions Read(ParseResult result)
    {
        TableSample? sample = result.GetValue(s_sample) is { } path ? ReadSample(path) : null;
        WorkloadOptions asked = Asked(result);
        int mtu = result.GetValue(s_mtu);
        int messageSize = result.GetValue(s_messageSize);
        return new PlanOptions
        {
            Sample = sample,
            Workload = sample is null ? asked : Override(result, SampleWorkload.Derive(sample, asked), asked),
            Duration = result.GetValue(s_duration),
            Wire = new WireOptions(
                (SyncVersion)result.GetValue(s_version), messageSize == 0 ? SentCount.LargestWhole(mtu) : messageSize, mtu),
            Policies = [.. s_usualPolicies.Concat(result.GetValue(s_policies)!).Distinct()],
        };
    }

    private static WorkloadOptions Asked(ParseResult result) => new()
    {
        ConnectionsPerSecond = result.GetValue(s_rate),
        Packets = Distribution.Pareto(result.GetValue(s_packets)),
        Lifetime = Distribution.Exponential(result.GetValue(s_lifetime)),
        UdpShare = result.GetValue(s_udp),
        PersistentShare = result.GetValue(s_persistent),
        BusyConnections = result.GetValue(s_busy),
        BusyPacketsPerSecond = result.GetValue(s_busyPackets),
        Clients = result.GetValue(s_clients),
        HasReplies = !result.GetValue(s_directRouting),
        Seed = result.GetValue(s_seed),
    };

    /// <summary>Options on the command line override values derived from the sample.</summary>
    private static WorkloadOptions Override(ParseResult result, WorkloadOptions derived, WorkloadOptions asked) => derived with
    {
        ConnectionsPerSecond = IsGiven(result, s_rate) ? asked.ConnectionsPerSecond : derived.ConnectionsPerSecond,
        Lifetime = IsGiven(result, s_lifetime) ? asked.Lifetime : derived.Lifetime,
        UdpShare = IsGiven(result, s_udp) ? asked.UdpShare : derived.UdpShare,
        PersistentShare = IsGiven(result, s_persistent) ? asked.PersistentShare : derived.PersistentShare,
        BusyConnections = IsGiven(result, s_busy) ? asked.BusyConnections : derived.BusyConnections,
        Clients = IsGiven(result, s_clients) ? asked.Clients : derived.Clients,
        HasReplies = IsGiven(result, s_directRouting) ? asked.HasReplies : derived.HasReplies,
    };

    private static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static TableSample ReadSample(string path)
    {
        using TextReader input = path == "-" ? Console.In : File.OpenText(path);
        return SampleReader.Read(input);
    }
}
