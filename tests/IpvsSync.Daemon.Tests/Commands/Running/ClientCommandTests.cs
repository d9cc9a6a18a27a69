using System.Collections.Concurrent;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Control.Verification;
using IpvsSync.Daemon.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>What the commands ask a daemon, what they print of its answer, and their exit status. The daemon is the test.</summary>
public sealed class ClientCommandTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-command-").FullName;
    private readonly ConcurrentQueue<ControlRequest> _requests = new();
    private readonly ControlServer _server;
    private Func<ControlOutput, CancellationToken, Task> _answer = (_, _) => Task.CompletedTask;

    public ClientCommandTests() => _server = new ControlServer(Socket, AnswerAsync, TimeProvider.System, ControlRights.Of(""), NullLogger.Instance);

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
    [InlineData(60)]
    [InlineData(100)]
    public async Task Status_OnATerminal_FitsIntoItsLines(int columns)
    {
        Answer(Status() with { Stages = [new StatusStage { Stage = "sent", Messages = 123_456_789, Refused = new Dictionary<string, long>() }] }, ControlJson.Default.StatusAnswer);
        Ended ended = await CommandLine.RunOnTerminalAsync(columns, "status", "--socket", Socket);

        string[] lines = ended.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Contains("role Backup", ended.Output, StringComparison.Ordinal);
        Assert.InRange(lines.Max(line => line.Length), columns / 2, columns);
        Assert.Contains(lines, line => line.StartsWith("sent ", StringComparison.Ordinal) && line.Contains("123456789", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("connections", null, null, null, null)]
    [InlineData("connections --service 10.1.0.100:80 --client 10.1.0.1 --state CLOSE --origin peer", "10.1.0.100:80", "10.1.0.1", "CLOSE", "peer")]
    [InlineData("connections --service [2001:db8::1]:80", "[2001:db8::1]:80", null, null, null)]
    [InlineData("-i --state CLOSE", null, null, "CLOSE", "local")]
    [InlineData("-e --client 10.1.0.1", null, "10.1.0.1", null, "peer")]
    public async Task Connections_Filters_AreAskedOfTheDaemon(string command, string? service, string? client, string? state, string? origin)
    {
        Assert.Equal(ExitCodes.Done, (await RunAsync(command)).Code);
        Assert.Equal(
            new ControlRequest { Verb = "connections", Service = service, Client = client, State = state, Origin = origin, Text = true }, Assert.Single(_requests));
    }

    [Theory]
    [InlineData("connections --service 10.1.0.100")]
    [InlineData("connections --client somebody")]
    [InlineData("connections --origin both")]
    [InlineData("role primary")]
    [InlineData("role")]
    [InlineData("verify --limit -1")]
    [InlineData("top --interval 0")]
    [InlineData("status --colour")]
    public async Task AnyCommand_OptionThatIsWrong_IsUsageAndAsksNothing(string command)
    {
        Ended ended = await RunAsync(command);

        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.NotEqual("", ended.Error);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Connections_Table_IsPrintedAsIpvsadmDoes()
    {
        Answer(Connection(), ControlJson.Default.ConnectionAnswer);

        Assert.Equal(
            [
                "IPVS connection entries", "pro expire state       source             virtual            destination",
                "TCP 01:05  ESTABLISHED 10.1.0.1:2001      10.1.0.100:80      10.1.0.11:80",
            ],
            (await RunAsync("connections")).Lines);
    }

    [Fact]
    public async Task Connections_DaemonWritesColumns_ArePrintedAsTheyAre()
    {
        _answer = (output, _) =>
        {
            System.Buffers.BuffersExtensions.Write(output.Lines, "{\"text\":true}\n"u8);
            for (int line = 0; line < 20_000; line++)
                System.Buffers.BuffersExtensions.Write(output.Lines, System.Text.Encoding.ASCII.GetBytes($"TCP line {line}\n"));
            return Task.CompletedTask;
        };
        string[] lines = (await RunAsync("connections")).Lines;

        Assert.Equal("IPVS connection entries", lines[0]);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(line => $"TCP line {line}"), lines.Skip(2));
        Assert.True(Assert.Single(_requests).Text);
    }

    [Fact]
    public async Task Connections_DaemonRefuses_PrintsNothingButTheReason()
    {
        _answer = (_, _) => throw new ControlException("Not today.");
        Ended ended = await RunAsync("connections");

        Assert.Equal((ExitCodes.Failed, ""), (ended.Code, ended.Output));
        Assert.Contains("Not today.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_EmptyTable_HasItsHeader() => Assert.Equal(2, (await RunAsync("connections")).Lines.Length);

    [Theory]
    [InlineData("connections --json")]
    [InlineData("-e --json")]
    public async Task Connections_Json_IsTheDaemonsLine(string command)
    {
        Answer(Connection(), ControlJson.Default.ConnectionAnswer);

        Assert.StartsWith("{\"protocol\":\"TCP\"", Assert.Single((await RunAsync(command)).Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", 20, 20, ExitCodes.Done)]
    [InlineData("verify", 20, 19, ExitCodes.Failed)]
    [InlineData("verify --json", 20, 20, ExitCodes.Done)]
    [InlineData("verify --json", 20, 19, ExitCodes.Failed)]
    public async Task Verify_ExitStatus_SaysWhetherTheTablesAgree(string command, long compared, long agreeing, int code)
    {
        Answer(Verified(compared, agreeing), ControlJson.Default.VerifyAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal(code, ended.Code);
        Assert.Contains(command == "verify" ? $"20 connections compared, {agreeing} agree" : $"\"agreeing\":{agreeing}", ended.Output, StringComparison.Ordinal);
        Assert.Equal("verify", Assert.Single(_requests).Verb);
    }

    [Fact]
    public async Task Verify_Limit_IsAsked()
    {
        Answer(Verified(1, 1), ControlJson.Default.VerifyAnswer);
        await RunAsync("verify --limit 7");

        Assert.Equal(7, Assert.Single(_requests).Limit);
    }

    [Theory]
    [InlineData("reload", ExitCodes.Done, "SyncRefreshPeriod 5, it was 60")]
    [InlineData("reload --json", ExitCodes.Done, "\"key\":\"SyncRefreshPeriod\"")]
    public async Task Reload_Applied_IsToldOnStandardOutput(string command, int code, string expected)
    {
        Answer(new ReloadAnswer { Applied = [new ChangedKey("SyncRefreshPeriod", "60", "5")] }, ControlJson.Default.ReloadAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal((code, ""), (ended.Code, ended.Error));
        Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
        Assert.Equal("reload", Assert.Single(_requests).Verb);
    }

    [Theory]
    [InlineData("reload", "", "SyncRetries: 7")]
    [InlineData("reload --json", "SyncRetries: 7", "")]
    public async Task Reload_Faults_AreUsage(string command, string onOutput, string onError)
    {
        Answer(new ReloadAnswer { Faults = ["SyncRetries: 7"] }, ControlJson.Default.ReloadAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.Contains(onOutput, ended.Output, StringComparison.Ordinal);
        Assert.Contains(onError, ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("role backup", "role Backup, it was Both; Both after a restart")]
    [InlineData("role backup --json", "{\"role\":\"Backup\",\"before\":\"Both\",\"configured\":\"Both\"}")]
    public async Task Role_Changed_IsTold(string command, string expected)
    {
        Answer(new RoleAnswer("Backup", "Both", "Both"), ControlJson.Default.RoleAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal((ExitCodes.Done, expected), (ended.Code, Assert.Single(ended.Lines)));
        Assert.Equal(("role", "backup"), (_requests.Single().Verb, _requests.Single().Role));
    }

    [Theory]
    [InlineData("stop", true, ExitCodes.Done, "")]
    [InlineData("-k", true, ExitCodes.Done, "")]
    [InlineData("stop", false, ExitCodes.Failed, "could not be put back")]
    [InlineData("stop --json", true, ExitCodes.Done, "")]
    public async Task Stop_ExitStatus_SaysWhetherTheKernelIsAsItWasFound(string command, bool isRestored, int code, string onError)
    {
        Answer(new StopAnswer(isRestored), ControlJson.Default.StopAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal(code, ended.Code);
        Assert.Contains(onError, ended.Error, StringComparison.Ordinal);
        Assert.Equal(command.EndsWith("--json", StringComparison.Ordinal) ? "{\"restored\":true}\n" : "", ended.Output);
        Assert.Equal("stop", Assert.Single(_requests).Verb);
    }

    [Theory]
    [InlineData("status", "role Backup, ready for 00:01:01")]
    [InlineData("-s", "role Backup, ready for 00:01:01")]
    [InlineData("status --json", "\"role\":\"Backup\"")]
    public async Task Status_Answer_IsPrinted(string command, string expected)
    {
        Answer(Status(), ControlJson.Default.StatusAnswer);

        Assert.Contains(expected, (await RunAsync(command)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top --count 2 --interval 0.1", "role Backup, ready for 00:01:01")]
    [InlineData("top --count 2 --interval 0.1 --json", "\"role\":\"Backup\"")]
    public async Task Top_NoTerminal_PrintsOneLookAfterTheOther(string command, string expected)
    {
        Answer(Status(), ControlJson.Default.StatusAnswer);
        Ended ended = await RunAsync(command);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Equal(2, ended.Lines.Count(line => line.Contains(expected, StringComparison.Ordinal)));
        Assert.Equal(2, _requests.Count(request => request.Verb == "status"));
    }

    [Fact]
    public async Task Top_Terminal_ShowsTheLatestLookWithItsAlarms()
    {
        Answer(Status() with { Table = new StatusTable(7, 100, [new StatusCount("peer", "TCP", "CLOSE", false, 7)]) { Unbound = 5 } }, ControlJson.Default.StatusAnswer);
        Ended ended = await CommandLine.RunOnTerminalAsync("top", "--count", "2", "--interval", "0.1", "--socket", Socket);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("role Backup on sync, ready for 00:01:01; 7 connections", ended.Output, StringComparison.Ordinal);
        Assert.Contains("5 connections of the peers have no real server here", ended.Output, StringComparison.Ordinal);
        Assert.Contains("CLOSE", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("top --count 1")]
    [InlineData("stop")]
    public async Task AnyCommand_DaemonRefuses_FailsWithItsReason(string command)
    {
        _answer = (_, _) => throw new ControlException("Not now.");
        Ended ended = await RunAsync(command);

        Assert.Equal((ExitCodes.Failed, "", "ipvs-syncd: Not now.\n"), (ended.Code, ended.Output, ended.Error));
    }

    [Fact]
    public async Task AnyCommand_AnswerOfAnotherVersion_FailsAndSaysSo()
    {
        Answer(new StopAnswer(true), ControlJson.Default.StopAnswer);
        Ended ended = await RunAsync("status");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("of another version", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_NoDaemon_FailsAndNamesTheSocket()
    {
        string nowhere = Path.Combine(_directory, "none");
        Ended ended = await CommandLine.RunAsync(["status", "--socket", nowhere]);

        Assert.Equal((ExitCodes.Failed, ""), (ended.Code, ended.Output));
        Assert.Contains($"No daemon answers at {nowhere}", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_SocketOfTheConfiguration_IsAsked()
    {
        string file = Path.Combine(_directory, "appsettings.json");
        await File.WriteAllTextAsync(file, $$"""{ "IpvsSync": { "ControlSocket": "{{Socket}}", "Port": "nonsense" } }""", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Done, (await CommandLine.RunAsync(["connections", "--config", file])).Code);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task AnyCommand_ConfigurationThatCannotBeRead_IsUsage()
    {
        string file = Path.Combine(_directory, "appsettings.json");
        await File.WriteAllTextAsync(file, "{ nonsense", TestContext.Current.CancellationToken);
        Ended ended = await CommandLine.RunAsync(["connections", "--config", file]);

        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.Contains(file, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_ReaderGoesAway_EndsQuietly()
    {
        _answer = async (output, cancellation) =>
        {
            for (int line = 0; line < 20_000; line++)
                await output.WriteAsync(Connection(), ControlJson.Default.ConnectionAnswer, cancellation);
        };
        using System.Diagnostics.Process process = CommandLine.Start(["connections", "--socket", Socket]);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        process.StandardOutput.Close();

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(process));
        Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static ConnectionAnswer Connection() => new()
    {
        Protocol = "TCP",
        Source = "10.1.0.1:2001",
        Virtual = "10.1.0.100:80",
        Destination = "10.1.0.11:80",
        State = "ESTABLISHED",
        Origin = "peer",
        Expires = 65,
    };

    private static VerifyAnswer Verified(long compared, long agreeing) => new()
    {
        Compared = compared,
        Agreeing = agreeing,
        Percent = 100.0 * agreeing / compared,
        Kinds = new Dictionary<string, int>(),
        Differences = [],
    };

    private static StatusAnswer Status() => new()
    {
        Role = "Backup",
        Uptime = 61,
        Network = new StatusNetwork("sync", "224.0.0.81", 8848, 5, 1),
        Kernel = new StatusKernel("None", null, null, null),
        Stages = [],
        Lanes = [],
        Peers = [],
        Table = new StatusTable(0, 100, []),
    };

    private void Answer<T>(T answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        => _answer = async (output, cancellation) => await output.WriteAsync(answer, type, cancellation);

    private Task AnswerAsync(ControlRequest request, ControlOutput output, CancellationToken cancellation)
    {
        _requests.Enqueue(request);
        return _answer(output, cancellation);
    }

    private Task<Ended> RunAsync(string command) => CommandLine.RunAsync([.. command.Split(' '), "--socket", Socket]);
}
