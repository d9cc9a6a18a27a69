using System.Text;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Control;

public sealed class ControlVerbsTests
{
    private static readonly KernelReading s_complete = new(Malformed: 0, IsComplete: true);

    [Theory]
    [InlineData(ControlRequest.Status)]
    [InlineData(ControlRequest.Connections)]
    [InlineData(ControlRequest.Verify)]
    [InlineData(ControlRequest.Reload)]
    [InlineData(ControlRequest.ChangeRole)]
    [InlineData(ControlRequest.Resync)]
    public async Task Answer_BeforeReady_IsRefused(string verb)
    {
        using var director = new ReadyDirector(kernel: Empty);

        Assert.Equal("The daemon is not ready yet.", await RefusalAsync(director, new ControlRequest { Verb = verb }));
        director.Start();
        if (verb == ControlRequest.Status)
            Assert.Single(await AskAsync(director, new ControlRequest { Verb = verb }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("statos")]
    [InlineData("Status")]
    public async Task Answer_UnknownVerb_IsRefusedByName(string? verb)
    {
        using ReadyDirector director = new ReadyDirector().Start();

        Assert.Equal($"This daemon does not know the request '{verb}'.", await RefusalAsync(director, new ControlRequest { Verb = verb }));
    }

    [Theory]
    [InlineData(ControlRequest.Reload)]
    [InlineData(ControlRequest.ChangeRole)]
    [InlineData(ControlRequest.Resync)]
    public async Task Answer_ChangeWhereNobodyMayChange_IsRefused(string verb)
    {
        using ReadyDirector director = new ReadyDirector().Start();

        Assert.Contains("does not know", await RefusalAsync(director, new ControlRequest { Verb = verb }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_WhileStarting_IsNoAndLaterWhatTheDirectorSays()
    {
        using var director = new ReadyDirector();

        Assert.StartsWith(
            "{\"ready\":false,\"text\":\"not ready: the daemon starts\",\"version\":", Assert.Single(await AskAsync(director, new ControlRequest { Verb = ControlRequest.Ready })), StringComparison.Ordinal);
        director.Start();
        ReadyAnswer answer = JsonSerializer.Deserialize(
            Assert.Single(await AskAsync(director, new ControlRequest { Verb = ControlRequest.Ready })), ControlJson.Default.ReadyAnswer)!;
        Assert.Equal((true, "off", true), (answer.Ready, answer.Resync?.Outcome, answer.Resync?.Open));
        Assert.StartsWith("ready: off, there is nothing to learn", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Table_IsCountedByOriginAndState()
    {
        using ReadyDirector director = new ReadyDirector().Start();
        director.Table.Apply(Entries.Tcp(1), Origin.Local);
        director.Table.Apply(Entries.Tcp(2), Origin.Peer);
        director.Table.Apply(Entries.Tcp(3), Origin.Peer);
        StatusAnswer status = JsonSerializer.Deserialize(
            Assert.Single(await AskAsync(director, new ControlRequest { Verb = ControlRequest.Status })), ControlJson.Default.StatusAnswer)!;

        Assert.Equal(
            [new StatusCount("local", "TCP", "ESTABLISHED", false, 1), new StatusCount("peer", "TCP", "ESTABLISHED", false, 2)], status.Table.States);
        Assert.Equal("off", status.Resync?.Outcome);
        Assert.Equal((3, "Master", "Master"), (status.Table.Connections, status.Role, status.ConfiguredRole));
        Assert.Equal(["feed", "sent", "received", "injected"], status.Stages.Select(stage => stage.Stage));
        Assert.Null(status.Kernel.Inject);
        Assert.NotNull(status.Kernel.Feed);
    }

    [Fact]
    public async Task Connections_NoFilter_AreAllOfTheTable()
    {
        using ReadyDirector director = new ReadyDirector().Start();
        director.Table.Apply(Entries.Tcp(1), Origin.Local);
        director.Table.Apply(Entries.Tcp(2, state: 7, timeout: 10), Origin.Peer);

        Assert.Equal(
            [("198.51.100.0:2", "ESTABLISHED", "local"), ("198.51.100.0:3", "CLOSE_WAIT", "peer")],
            (await ListAsync(director, new ControlRequest())).Select(connection => (connection.Source, connection.State, connection.Origin)));
    }

    [Theory]
    [InlineData("203.0.113.10:80", null, null, null, "2 3 4")]
    [InlineData("203.0.113.10:81", null, null, null, "")]
    [InlineData(null, "198.51.100.0", null, null, "2 3 4")]
    [InlineData(null, "198.51.100.1", null, null, "")]
    [InlineData(null, null, "close_wait", null, "3")]
    [InlineData(null, null, null, "local", "2")]
    [InlineData(null, null, null, "peer", "3 4")]
    [InlineData("203.0.113.10:80", "198.51.100.0", "ESTABLISHED", "peer", "4")]
    public async Task Connections_Filter_LeavesOutWhatItDoesNotName(string? service, string? client, string? state, string? origin, string ports)
    {
        using ReadyDirector director = new ReadyDirector().Start();
        director.Table.Apply(Entries.Tcp(1), Origin.Local);
        director.Table.Apply(Entries.Tcp(2, state: 7), Origin.Peer);
        director.Table.Apply(Entries.Tcp(3), Origin.Peer);
        var request = new ControlRequest { Service = service, Client = client, State = state, Origin = origin };

        Assert.Equal(ports, string.Join(' ', (await ListAsync(director, request)).Select(connection => connection.Source.Split(':')[1])));
    }

    [Fact]
    public async Task Connections_FilterThatNamesNothing_IsRefused()
    {
        using ReadyDirector director = new ReadyDirector().Start();

        Assert.StartsWith(
            "'203.0.113.10' is no service",
            await RefusalAsync(director, new ControlRequest { Verb = ControlRequest.Connections, Service = "203.0.113.10" }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OriginText.Local)]
    [InlineData(OriginText.Peer)]
    public async Task Connections_Expires_IsTheTimeoutWithoutOurMargin(string origin)
    {
        using ReadyDirector director = new ReadyDirector().Start();
        director.Table.Apply(Entries.Tcp(1, timeout: 500), origin == OriginText.Local ? Origin.Local : Origin.Peer);

        Assert.Equal(500u, Assert.Single(await ListAsync(director, new ControlRequest())).Expires);
    }

    [Fact]
    public async Task Verify_Tables_AreCompared()
    {
        using ReadyDirector director = new ReadyDirector(kernel: Lists(KernelLines.Of(Entries.Tcp(1)), KernelLines.Of(Entries.Tcp(2), IpvsOrigin.Synced))).Start();
        director.Table.Apply(Entries.Tcp(1), Origin.Local);

        VerifyAnswer answer = await VerifyAsync(director);
        Assert.Equal((2, 1), (answer.Compared, answer.Agreeing));
        Assert.Equal(("missing in table", "198.51.100.0:3"), (Assert.Single(answer.Differences).Kind, answer.Differences[0].Source));
    }

    [Theory]
    [InlineData(null, ControlVerbs.DefaultLimit)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    public async Task Verify_Limit_BoundsTheDifferencesThatAreNamed(int? limit, int named)
    {
        using ReadyDirector director = new ReadyDirector(
            kernel: Lists([.. Enumerable.Range(0, 30).Select(number => KernelLines.Of(Entries.Tcp(number), IpvsOrigin.Synced))])).Start();

        VerifyAnswer answer = await VerifyAsync(director, limit);
        Assert.Equal((named, 30), (answer.Differences.Count, answer.Kinds["missing in table"]));
    }

    [Fact]
    public async Task Verify_WhileAnotherRuns_IsRefusedAndTheFirstIsAnswered()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        using ReadyDirector director = new ReadyDirector(kernel: async (_, _, _) =>
        {
            begun.TrySetResult();
            await go.Task;
            return s_complete;
        }).Start();
        Task<VerifyAnswer> first = VerifyAsync(director);
        await begun.Task;
        Task<string> second = RefusalAsync(director, new ControlRequest { Verb = ControlRequest.Verify });
        bool isRefusedMeanwhile = second.IsCompleted;
        go.SetResult();

        Assert.True(isRefusedMeanwhile);
        Assert.Contains("ask again later", await second, StringComparison.Ordinal);
        Assert.Equal(0, (await first).Compared);
        Assert.Equal(0, (await VerifyAsync(director)).Compared);
    }

    [Fact]
    public async Task Verify_KernelTableThatCannotBeRead_SaysWhyAndTheNextIsAnswered()
    {
        Exception? thrown = new UnauthorizedAccessException("the kernel's words");
        using ReadyDirector director = new ReadyDirector(kernel: (_, _, _) => thrown is null ? Task.FromResult(s_complete) : Task.FromException<KernelReading>(thrown)).Start();
        string refusal = await RefusalAsync(director, new ControlRequest { Verb = ControlRequest.Verify });
        thrown = null;

        Assert.Equal("the kernel's words", refusal);
        Assert.Equal(100, (await VerifyAsync(director)).Percent);
    }

    [Fact]
    public async Task Verify_NoKernel_NamesTheMode()
    {
        using ReadyDirector director = new ReadyDirector(KernelMode.None, Empty).Start();

        Assert.StartsWith("Kernel:Mode is None", await RefusalAsync(director, new ControlRequest { Verb = ControlRequest.Verify }), StringComparison.Ordinal);
    }

    private static Task<KernelReading> Empty(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation) => Task.FromResult(s_complete);

    private static KernelTable Lists(params IpvsConnection[] connections) => (_, handle, _) =>
    {
        foreach (IpvsConnection connection in connections)
            handle(connection, default, default);
        return Task.FromResult(s_complete);
    };

    private static async Task<string> RefusalAsync(ReadyDirector director, ControlRequest request)
        => (await Assert.ThrowsAsync<ControlException>(() => AskAsync(director, request))).Message;

    private static async Task<VerifyAnswer> VerifyAsync(ReadyDirector director, int? limit = null) => JsonSerializer.Deserialize(
        Assert.Single(await AskAsync(director, new ControlRequest { Verb = ControlRequest.Verify, Limit = limit })), ControlJson.Default.VerifyAnswer)!;

    private static async Task<IEnumerable<ConnectionAnswer>> ListAsync(ReadyDirector director, ControlRequest request)
        => (await AskAsync(director, request with { Verb = ControlRequest.Connections }))
            .Select(line => JsonSerializer.Deserialize(line, ControlJson.Default.ConnectionAnswer)!).OrderBy(connection => connection.Source);

    private static async Task<string[]> AskAsync(ReadyDirector director, ControlRequest request)
    {
        using var stream = new MemoryStream();
        using var output = new ControlOutput(stream, TimeProvider.System);
        await director.Verbs.AnswerAsync(request, output, TestContext.Current.CancellationToken);
        await output.FlushAsync(TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
