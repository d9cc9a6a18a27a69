using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using IpvsSync.Daemon.Commands;
using IpvsSync.Daemon.Commands.Plan;
using IpvsSync.Daemon.Commands.Plan.Output;
using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Commands.Plan;

public sealed class PlannerTests
{
    /// <summary>Digests in the ten minutes of the plan.</summary>
    private const int Digests = 60;

    private static readonly SyncKnobs s_expert = new(0, 0, 10, 3);

    private static readonly PlanOptions s_options = new()
    {
        Workload = new WorkloadOptions { ConnectionsPerSecond = 10, BusyConnections = 3 },
        Duration = 600,
        Wire = new WireOptions(SyncVersion.V1, 1472, 1500),
        Policies = [SyncKnobs.KernelDefaults, s_expert, SyncKnobs.Shipped],
    };

    private static readonly IReadOnlyList<PlanResult> s_results = Run(s_options);

    [Fact]
    public void Run_Policies_GiveTheKernelAndOursForEach() => Assert.Equal(
        [("3 50 0 0", false), ("3 50 0 0", true), ("0 0 10 3", false), ("0 0 10 3", true), ("0 0 60 1", false), ("0 0 60 1", true)],
        s_results.Select(result => (result.Knobs.ToString(), result.IsDaemon)));

    [Fact]
    public void Run_SameSeed_IsTheSamePlan() => Assert.Equal(s_results, Run(s_options));

    [Fact]
    public void Run_OtherSeed_IsAnotherPlan()
        => Assert.NotEqual(s_results, Run(s_options with { Workload = s_options.Workload with { Seed = 2 } }));

    [Theory]
    [InlineData("3 50 0 0", SyncVersion.V1)]
    [InlineData("3 0 0 0", SyncVersion.V1)] // templates by their packet count
    [InlineData("0 0 10 3", SyncVersion.V1)]
    [InlineData("3 0 0 0", SyncVersion.V0)] // and asked only below what is sent
    public void Run_Kernel_SendsWhatItsDirectorSends(string policy, SyncVersion version)
    {
        SyncKnobs.TryParse(policy, out SyncKnobs knobs);
        List<KernelMessage> messages = [];
        var sender = new KernelSender(0, 1000, 1472, version, messages.Add);
        int size = version == SyncVersion.V1 ? 36 : 24;
        EmbeddedDirector? director = null;
        director = new EmbeddedDirector(
            knobs.ToKernel(version), (in Protocol.ConnectionEntry _, SyncVerdict _) => sender.Append(director!.Now, size));
        WorkloadServices.AddTo(director);
        new SimulationDriver(director, new Workload(s_options.Workload)).RunUntil(600_000);
        sender.AdvanceTo(603_000);

        PlanResult planned = Run(s_options with { Policies = [knobs], Wire = s_options.Wire with { Version = version } })[0];

        Assert.Equal((messages.Count, messages.Sum(message => message.Entries)), (planned.Messages, planned.Entries));
        Assert.Equal(messages.Sum(message => message.Size), planned.Bytes);
    }

    [Fact]
    public void Run_ShippedPolicy_LeavesNothingOpen()
    {
        PlanResult ours = s_results[5];

        Assert.Equal((0, 0), (ours.NeverTold, ours.ExpiredEarly));
        Assert.InRange(ours.WorstMs, 1, 40); // one flush interval, and what it waits behind
        Assert.InRange(ours.LeastLeft, 0.5, 1);
    }

    [Fact]
    public void Run_KernelDefaults_TellLateOrNever()
    {
        PlanResult kernel = s_results[0];

        Assert.True(kernel.NeverTold > 0);
        Assert.True(kernel.ExpiredEarly > 0);
        Assert.True(kernel.WorstMs > 2000);
        Assert.True(kernel.AtRisk > s_results[1].AtRisk);
    }

    [Fact]
    public void Run_NeverSentConnections_AreNeverTold()
    {
        WorkloadOptions plainUdp = s_options.Workload with { UdpShare = 1, PersistentShare = 0 };

        PlanResult kernel = Run(s_options with { Policies = [new SyncKnobs(40_000, 50_000)], Workload = plainUdp })[0];

        Assert.Equal(0, kernel.Messages);
        Assert.Equal(kernel.Connections, kernel.NeverTold);
    }

    [Fact]
    public void Run_MessagesLargerThanTheMtu_TakeSeveralPackets()
    {
        PlanResult kernel = Run(s_options with { Wire = s_options.Wire with { MessageSize = 9000 } })[0];

        Assert.InRange(kernel.Packets, kernel.Messages * 5, kernel.Messages * 7);
    }

    [Fact]
    public void Run_Version0_SendsSmallerEntries()
    {
        PlanResult[] results = [.. Run(s_options with { Wire = s_options.Wire with { Version = SyncVersion.V0 } })];

        Assert.All(
            results.Where(result => !result.IsDaemon), result => Assert.Equal((result.Entries * 24) + (result.Messages * 4), result.Bytes));
        Assert.All(results.Where(result => result.IsDaemon), result => Assert.InRange(Beats(result, headerSize: 4, entrySize: 24), 1, result.Messages));
    }

    [Fact]
    public void Run_Daemon_NumbersItsMessagesAndBeatsWhileItIsIdle()
    {
        PlanOptions idle = s_options with { Workload = s_options.Workload with { ConnectionsPerSecond = 0, BusyConnections = 0 } };
        PlanResult[] results = [.. Run(idle)];

        Assert.All(results.Where(result => !result.IsDaemon), result => Assert.Equal((0, 0), (result.Messages, result.Bytes)));
        Assert.All(
            results.Where(result => result.IsDaemon),
            result => Assert.Equal((result.Messages - Digests, 0), (Beats(result, headerSize: 8, entrySize: 36), result.Entries)));
        // Three soon after each digest, then one each second.
        Assert.All(results.Where(result => result.IsDaemon), result => Assert.InRange(result.Messages, 13 * Digests - 10, 13 * Digests + 10));
        Assert.InRange(Beats(s_results[5], headerSize: 8, entrySize: 36), 600, 4 * s_results[5].Messages);
    }

    /// <summary>
    /// How many messages are beats, of 31 bytes. Others are digests, of 539 bytes, or have a header, entries and a trailer of 12 bytes.
    /// </summary>
    private static double Beats(PlanResult result, int headerSize, int entrySize)
        => (result.Bytes - (Digests * 539) - (result.Entries * entrySize) - ((result.Messages - Digests) * (headerSize + 12))) / (31.0 - headerSize - 12);

    [Fact]
    public void Run_Stopped_GivesNothing() => Assert.Null(Planner.Run(s_options, () => true, _ => { }));

    [Fact]
    public void Write_Table_HasALineForEachAndSaysWhatColumnsAre()
    {
        var text = new StringWriter();
        var sample = new TableSample { Malformed = 7, Faults = ["line 2: broken"], IPv6 = 5 };
        PlanText.Write(text, s_options with { Sample = sample }, s_results);
        string[] lines = text.ToString().Split('\n');

        Assert.Contains("  7 lines were not understood:", lines);
        Assert.Contains("    line 2: broken", lines);
        Assert.Contains(lines, line => line.StartsWith("  5 are IPv6", StringComparison.Ordinal));
        int heading = Array.FindIndex(lines, line => line.StartsWith("policy ", StringComparison.Ordinal));
        Assert.All(lines[(heading + 1)..(heading + 7)], line => Assert.Equal(lines[heading].Length, line.Length));
        Assert.Contains("kernel", lines[heading + 1], StringComparison.Ordinal);
        Assert.Contains("ipvs-syncd", lines[heading + 6], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Json_HasEveryFigure()
    {
        using var output = new MemoryStream();
        PlanJson.Write(output, s_options, s_results);
        JsonElement plan = JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).RootElement;
        JsonElement ours = plan.GetProperty("policies")[5];

        JsonElement load = plan.GetProperty("workload");
        Assert.Equal((10, 600), (load.GetProperty("connectionsPerSecond").GetDouble(), load.GetProperty("seconds").GetInt32()));
        Assert.False(plan.TryGetProperty("sample", out _));
        Assert.Equal(("0 0 60 1", "ipvs-syncd"), (ours.GetProperty("policy").GetString(), ours.GetProperty("sender").GetString()));
        Assert.Equal(
            [
                "policy", "sender", "entries", "messages", "packets", "bytes", "messagesPerSecond", "packetsPerSecond", "bytesPerSecond",
                "medianMs", "p99Ms", "worstMs", "connections", "neverTold", "atRisk", "expiredEarly", "timerLow",
            ],
            ours.EnumerateObject().Select(property => property.Name));
        Assert.Equal(s_results[5].Bytes / 600.0, ours.GetProperty("bytesPerSecond").GetDouble(), 6);
    }

    [Fact]
    public void Render_Svg_IsOneXmlDocumentWithABarForEach()
    {
        XElement svg = XDocument.Parse(PlanSvg.Render(s_options, s_results)).Root!;
        XElement[] bars = [.. svg.Descendants().Where(element => element.Attribute("height")?.Value == "14")];

        Assert.Equal(3 * s_results.Count, bars.Length);
        Assert.All(bars, bar => Assert.InRange((double)bar.Attribute("width")!, 0, 200));
    }

    private static IReadOnlyList<PlanResult> Run(PlanOptions options) => Planner.Run(options, () => false, _ => { })!;
}
