using System.Collections.Concurrent;
using System.Diagnostics;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>What <c>ready</c> and <c>resync</c> ask a daemon, what they print, and their exit status. The daemon is the test.</summary>
public sealed class ResyncCommandTests : IAsyncLifetime
{
    private const int Interrupted = 130;

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-resync-").FullName;
    private readonly ConcurrentQueue<ControlRequest> _requests = new();
    private readonly ConcurrentQueue<ReadyAnswer> _answers = new();
    private readonly ControlServer _server;
    private ReadyAnswer? _last;
    private long _runs;
    private string? _refusal;

    public ResyncCommandTests() => _server = new ControlServer(Socket, AnswerAsync, TimeProvider.System, ControlRights.Of(""), NullLogger.Instance);

    private string Socket => Path.Combine(_directory, "control.sock");

    public ValueTask InitializeAsync()
    {
        _server.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.CloseAsync();
        _server.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("ready", true, ExitCodes.Done, "told\n")]
    [InlineData("ready", false, ExitCodes.Failed, "told\n")]
    [InlineData("ready --quiet", true, ExitCodes.Done, "")]
    [InlineData("ready --quiet", false, ExitCodes.Failed, "")]
    [InlineData("ready --json", false, ExitCodes.Failed, "{\"ready\":false,\"text\":\"told\"}\n")]
    public async Task Ready_ExitStatus_SaysWhetherTheGateIsOpen(string command, bool isReady, int code, string output)
    {
        _answers.Enqueue(new ReadyAnswer(isReady, "told"));

        Assert.Equal(new Ended(code, output, ""), await RunAsync(command));
        Assert.Equal(new ControlRequest { Verb = "ready" }, Assert.Single(_requests));
    }

    [Fact]
    public async Task Ready_NoDaemon_IsNo()
    {
        Ended ended = await CommandLine.RunAsync(["ready", "--socket", Path.Combine(_directory, "none")]);

        Assert.Equal((ExitCodes.Failed, ""), (ended.Code, ended.Output));
        Assert.Contains("No daemon answers at", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resync", null, "full", ExitCodes.Done)]
    [InlineData("resync --from 192.0.2.2", "192.0.2.2", "full", ExitCodes.Done)]
    [InlineData("resync --from 2001:db8::2", "2001:db8::2", "partial", ExitCodes.Failed)]
    [InlineData("resync", null, "alone", ExitCodes.Failed)]
    [InlineData("resync", null, "timed out", ExitCodes.Failed)]
    public async Task Resync_RunEnds_PrintsHowItEndedAndFailsUnlessFull(string command, string? from, string outcome, int code)
    {
        _runs = 3;
        foreach ((string state, string last, long runs) in new[] { ("ready", "full", 3L), ("asking", "full", 3), ("learning", "full", 3), ("ready", outcome, 4) })
            _answers.Enqueue(Answer(state, last, runs));

        Assert.Equal(new Ended(code, $"ready: {outcome} 4\n", ""), await RunAsync(command));
        Assert.Equal(new ControlRequest { Verb = "resync", From = from }, _requests.First());
        Assert.Equal(["resync", "ready", "ready", "ready", "ready"], _requests.Select(request => request.Verb));
    }

    [Fact]
    public async Task Resync_Json_IsTheDaemonsLastLine()
    {
        _answers.Enqueue(Answer("learning", "kept", 0));
        _answers.Enqueue(Answer("ready", "full", 1));
        Ended ended = await RunAsync("resync --json");

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("\"outcome\":\"full\"", Assert.Single(ended.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resync_Terminal_ShowsHowFarItIs()
    {
        _answers.Enqueue(Answer("learning", "kept", 0));
        _answers.Enqueue(Answer("ready", "full", 1));
        Ended ended = await CommandLine.RunOnTerminalAsync("resync", "--socket", Socket);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("\r\e[Kready: kept 0", ended.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[Kready: full 1\r\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resync_DaemonStartedAnew_FailsAndSaysSo()
    {
        _runs = 3;
        _answers.Enqueue(Answer("asking", null, 0));
        Ended ended = await RunAsync("resync");

        Assert.Equal((ExitCodes.Failed, ""), (ended.Code, ended.Output));
        Assert.Contains("started anew", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("goes on;")]
    [InlineData("{\"ready\":", "--json")]
    public async Task Resync_Interrupted_EndsTheShowingAlone(string begin, params string[] options)
    {
        _answers.Enqueue(Answer("learning", "full", 0));
        using Process process = CommandLine.Start(["resync", "--socket", Socket, .. options]);
        Assert.True(SpinWait.SpinUntil(() => _requests.Count > 2, TimeSpan.FromMinutes(1)));
        await CommandLine.SignalAsync(process, "INT");

        Assert.Equal(Interrupted, await CommandLine.WaitAsync(process));
        Assert.Contains(begin, await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Resync_To_TellsThePeerAndReturns()
    {
        Ended ended = await RunAsync("resync --to 192.0.2.2");

        Assert.Equal(new Ended(ExitCodes.Done, "192.0.2.2 learns everything; ipvs-syncd ready there says how far it is\n", ""), ended);
        Assert.Equal(new ControlRequest { Verb = "resync", To = "192.0.2.2" }, Assert.Single(_requests));
    }

    [Theory]
    [InlineData("resync --kernels", null, 9876, ExitCodes.Done, "kernels are told 9,876 connections")]
    [InlineData("resync --kernels --rate 500", 500, 9876, ExitCodes.Done, "kernels are told 9,876 connections")]
    [InlineData("resync --kernels", null, 1234, ExitCodes.Failed, "given up: kernels are told 1,234 of 9,876 connections")]
    public async Task Resync_Kernels_AreToldUntilTheEnd(string command, int? rate, long told, int code, string output)
    {
        _answers.Enqueue(new ReadyAnswer(true, "") { Kernels = new StatusTold(1000, 9876, Running: true) });
        _answers.Enqueue(new ReadyAnswer(true, "") { Kernels = new StatusTold(told, 9876, Running: false) });

        Assert.Equal(new Ended(code, output + "\n", ""), await RunAsync(command));
        Assert.Equal(new ControlRequest { Verb = "resync", Kernels = true, Rate = rate }, _requests.First());
        Assert.Equal(3, _requests.Count);
    }

    /// <summary>The gate opens in the middle when the time is over, and learning goes on.</summary>
    [Fact]
    public async Task Resync_TimeIsOver_GoesOnUntilTheEnd()
    {
        _answers.Enqueue(Answer("learning", "timed out", 1));
        _answers.Enqueue(Answer("ready", "full", 2));

        Assert.Equal(new Ended(ExitCodes.Done, "ready: full 2\n", ""), await RunAsync("resync"));
    }

    [Theory]
    [InlineData("resync --from 192.0.2.1 --to 192.0.2.2", "exclude each other")]
    [InlineData("resync --kernels --to 192.0.2.2", "exclude each other")]
    [InlineData("resync --kernels --from 192.0.2.2", "exclude each other")]
    [InlineData("resync --from somebody", "'somebody' is not the address of a peer")]
    [InlineData("resync --to 1.2", "'1.2' is not the address of a peer")]
    [InlineData("resync --from", "")]
    [InlineData("resync --rate 7", "--rate is for --kernels")]
    [InlineData("resync --kernels --rate 0", "is not between")]
    [InlineData("ready now", "")]
    public async Task Resync_OptionsThatAreWrong_AreUsageAndAskNothing(string command, string reason)
    {
        Ended ended = await RunAsync(command);

        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Resync_DaemonRefuses_FailsWithItsReason()
    {
        _refusal = "No peer is at 192.0.2.2.";

        Assert.Equal(new Ended(ExitCodes.Failed, "", "ipvs-syncd: No peer is at 192.0.2.2.\n"), await RunAsync("resync --from 192.0.2.2"));
    }

    private static ReadyAnswer Answer(string state, string? outcome, long runs) => new(true, $"ready: {outcome} {runs}")
    {
        Resync = new StatusResync { State = state, Reason = "operator", Outcome = outcome, Open = true, Text = "", Runs = [new StatusResyncRuns("operator", "full", runs)] },
    };

    private async Task AnswerAsync(ControlRequest request, ControlOutput output, CancellationToken cancellation)
    {
        _requests.Enqueue(request);
        if (_refusal is not null)
            throw new ControlException(_refusal);
        if (request.Verb == "resync")
        {
            await output.WriteAsync(new ResyncAnswer(_runs), ControlJson.Default.ResyncAnswer, cancellation);
            return;
        }

        // The last one is repeated.
        if (_answers.TryDequeue(out ReadyAnswer? next))
            _last = next;
        await output.WriteAsync(_last!, ControlJson.Default.ReadyAnswer, cancellation);
    }

    private Task<Ended> RunAsync(string command) => CommandLine.RunAsync([.. command.Split(' '), "--socket", Socket]);
}
