using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IpvsSync.Daemon.Commands;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Commands.Decode;
using IpvsSync.Daemon.Tests.Commands.Running;
using IpvsSync.Daemon.Tests.Control;
using IpvsSync.Daemon.Tests.Flow;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Deploy;

/// <summary>What the commands print with <c>--json</c> is what the files of <c>deploy/schema</c> say.</summary>
[Collection(Alone.Name)]
public sealed class AnswerSchemaTests
{
    public static TheoryData<string, Type> Answers => new()
    {
        { "status", typeof(StatusAnswer) }, { "connections", typeof(ConnectionAnswer) }, { "verify", typeof(VerifyAnswer) }, { "ready", typeof(ReadyAnswer) },
        { "resync-to", typeof(ResyncAnswer) }, { "reload", typeof(ReloadAnswer) }, { "role", typeof(RoleAnswer) }, { "stop", typeof(StopAnswer) },
        { "check-config", typeof(CheckedConfig) },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Schema_Members_AreThoseOfTheAnswer(string name, Type answer) => Assert.Empty(new AnswerMembers(name).DifferencesOf(answer));

    [Fact]
    public void Schemas_AreThoseThatAreTestedHere() =>
        Assert.Equal(Answers.Select(row => row.Data.Item1).Append("decode").Append("plan").Order(), AnswerSchemas.Names.Order());

    [Theory]
    [InlineData("""{"restored":true}""")]
    [InlineData("""{"restored":true,"version":"0.1.0","host":"a","time":"2026-11-28 16:31:05"}""")]
    [InlineData("""{"restored":1,"version":"0.1.0","host":"a","time":"2026-11-28T16:31:05.250Z"}""")]
    [InlineData("""{"restored":true,"version":"0.1.0","host":"a","time":"2026-11-28T16:31:05.250Z","more":1}""")]
    public void Schema_OtherAnswer_IsRefused(string answer) => Assert.NotEqual("", AnswerSchemas.FaultsOf("stop", answer));

    [Fact]
    public async Task RunningDaemon_EachVerb_AnswersAsItsSchemaSays()
    {
        await using RunningDaemon daemon = await new RunningDaemon().StartReadyAsync();

        await AssertAsync("status", daemon.AskAsync("status", "--json"));
        await AssertAsync("status", daemon.AskAsync("top", "--json", "--count", "2", "--interval", "0.1"), lines: 2);
        await AssertAsync("ready", daemon.AskAsync("ready", "--json"));
        await AssertAsync("ready", daemon.AskAsync("resync", "--json"));
        daemon.Configure("\"Ttl\": 4, \"SyncRefreshPeriod\": 5");
        await AssertAsync("reload", daemon.AskAsync("reload", "--json"));
        daemon.Configure("\"Ttl\": 0");
        await AssertAsync("reload", daemon.AskAsync("reload", "--json"));
        await AssertAsync("check-config", CommandLine.RunAsync(["check-config", "--config", daemon.ConfigurationFile, "--json"]));
        await AssertAsync("role", daemon.AskAsync("role", "backup", "--json"));
        await AssertAsync("stop", daemon.AskAsync("stop", "--json"));
    }

    [Fact]
    public async Task Plan_WithSample_IsAsItsSchemaSays()
    {
        Ended ended = await CommandLine.RunAsync(
            ["plan", "--sample", "-", "--duration", "2", "--rate", "7", "--json"],
            Encoding.UTF8.GetBytes("Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires\nTCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED 899\nTCP C0000203 DE9\n"));

        Assert.Equal("", AnswerSchemas.FaultsOf("plan", ended.Output));
    }

    [Fact]
    public void Decode_EveryKindOfLine_IsAsItsSchemaSays()
    {
        byte[] capture = Pcap.OfMessages(
        [
            .. SpecMessages.All, SpecMessages.Tcp(4), SpecMessages.C[..40], SpecMessages.Changed("0501ff"), SpecMessages.Changed("4501ff030122"), SpecMessages.Changed("01"),
        ]);
        byte[] cut = new Pcap().Of(101, Packets.IPv4(Packets.Udp(SpecMessages.C))[..^10]);
        byte[] peering = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "Peering", "every-kind.pcap"));

        foreach (byte[] bytes in new[] { capture, cut, peering })
        {
            string[] lines = Decoded.Of(bytes, asJson: true).Lines;
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Equal("", AnswerSchemas.FaultsOf("decode", line)));
        }
    }

    [Fact]
    public async Task ConnectionsAndVerify_OfATable_AreAsTheirSchemasSay()
    {
        using ReadyDirector director = new ReadyDirector(kernel: (_, handle, _) =>
        {
            handle(KernelLines.Of(Entries.Tcp(2), IpvsOrigin.Synced), default, default);
            return Task.FromResult(new KernelReading(Malformed: 0, IsComplete: true));
        }).Start();
        director.Table.Apply(Entries.Tcp(1), Origin.Local);
        director.Table.Apply(Entries.Tcp(3), Origin.Peer);
        string[] connections = await AskAsync(director, ControlRequest.Connections);
        string verified = Assert.Single(await AskAsync(director, ControlRequest.Verify));

        Assert.Equal(2, connections.Length);
        Assert.All(connections, line => Assert.Equal("", AnswerSchemas.FaultsOf("connections", line)));
        Assert.NotEmpty(JsonNode.Parse(verified)!["differences"]!.AsArray());
        Assert.Equal("", AnswerSchemas.FaultsOf("verify", verified));
        Assert.Equal("", AnswerSchemas.FaultsOf("status", Assert.Single(await AskAsync(director, ControlRequest.Status))));
    }

    [Fact]
    public async Task Status_OfDirectorsThatHearEachOther_IsAsItsSchemaSays()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.Network!.Faults = new NetworkFaults(Loss: 0.2);
        pair.A.FeedNumbers(Enumerable.Range(0, 2000));
        DirectorPair.AwaitEqual(pair.A, pair.B);
        foreach (PairedDirector director in new[] { pair.A, pair.B })
        {
            StatusAnswer status = new StatusReport(director.Director, director.Metrics, TimeProvider.System).Make();
            Assert.Equal("", AnswerSchemas.FaultsOf("status", await StampAsync(status, ControlJson.Default.StatusAnswer)));
        }
    }

    [Fact]
    public async Task Status_OfAPeerWithAPort_IsAsItsSchemaSays()
    {
        using var cluster = new Cluster();
        PairedDirector director = cluster.Start(1, options => options with { Group = null, Peers = [new PeerAddress(IPAddress.Parse("192.0.2.2"), 20_000)] });
        StatusAnswer status = new StatusReport(director.Director, director.Metrics, TimeProvider.System).Make();
        Assert.Equal("", AnswerSchemas.FaultsOf("status", await StampAsync(status, ControlJson.Default.StatusAnswer)));
    }

    [Fact]
    public async Task Status_OfTheEmbeddedDirector_IsAsItsSchemaSays()
    {
        using ReadyDirector director = new ReadyDirector(KernelMode.Embedded).Start();
        Assert.Equal("", AnswerSchemas.FaultsOf("status", Assert.Single(await AskAsync(director, ControlRequest.Status))));
    }

    [Fact]
    public async Task ResyncTo_Answer_IsAsItsSchemaSays() =>
        Assert.Equal("", AnswerSchemas.FaultsOf("resync-to", await StampAsync(new ResyncAnswer(3), ControlJson.Default.ResyncAnswer)));

    private static async Task AssertAsync(string name, Task<Ended> command, int lines = 1)
    {
        Ended ended = await command;
        Assert.Equal(lines, ended.Lines.Length);
        Assert.All(ended.Lines, line => Assert.Equal("", AnswerSchemas.FaultsOf(name, line)));
    }

    private static Task<string[]> AskAsync(ReadyDirector director, string verb)
        => WrittenAsync(output => director.Verbs.AnswerAsync(new ControlRequest { Verb = verb }, output, TestContext.Current.CancellationToken));

    private static async Task<string> StampAsync<T>(T answer, JsonTypeInfo<T> type)
        => Assert.Single(await WrittenAsync(output => output.AnswerAsync(answer, type, TestContext.Current.CancellationToken).AsTask()));

    private static async Task<string[]> WrittenAsync(Func<ControlOutput, Task> write)
    {
        using var stream = new MemoryStream();
        using var output = new ControlOutput(stream, TimeProvider.System);
        await write(output);
        await output.FlushAsync(TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
