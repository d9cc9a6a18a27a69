using System.Diagnostics;
using System.Text;
using System.Text.Json;
using IpvsSync.Daemon.Commands;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Commands.Decode;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>Input, output and exit status of the commands that need no daemon.</summary>
public sealed class ToolCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-tool-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help role", "role --help")]
    [InlineData("help -k", "stop --help")]
    [InlineData("version", "--version")]
    public async Task HelpAndVersion_AreAsTheOptions(string command, string option)
    {
        Ended ended = await CommandLine.RunAsync(command.Split(' '));

        Assert.Equal((ExitCodes.Done, ""), (ended.Code, ended.Error));
        Assert.Equal(await CommandLine.RunAsync(option.Split(' ')), ended);
    }

    [Fact]
    public async Task Help_OfNoCommand_IsUsage() => Assert.Equal(
        new Ended(ExitCodes.Usage, "", "ipvs-syncd: 'nobody' is not understood; see ipvs-syncd --help\n"), await CommandLine.RunAsync(["help", "nobody"]));

    [Fact]
    public async Task Decode_StandardInput_IsAsTheFile()
    {
        byte[] capture = Pcap.OfMessages(SpecMessages.C);
        string file = Path.Combine(_directory, "capture");
        await File.WriteAllBytesAsync(file, capture, TestContext.Current.CancellationToken);
        Ended fromFile = await CommandLine.RunAsync(["decode", file]);

        Assert.Equal((ExitCodes.Done, Decoded.Of(capture).Text, ""), (fromFile.Code, fromFile.Output, fromFile.Error));
        Assert.Equal(fromFile, await CommandLine.RunAsync(["decode", "-"], capture));
    }

    [Fact]
    public async Task Decode_Options_ReachTheReader()
    {
        Ended ended = await CommandLine.RunAsync(
            ["decode", "-", "--json", "--sync-id", "99", "--profile", "6.1.176", "--port", "8848", "--v0-big-endian"], Pcap.OfMessages(SpecMessages.C));

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("OtherSyncId", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "none: Could not find file")]
    [InlineData("", "a directory, not a capture")]
    public async Task Decode_NoFile_FailsAndNamesIt(string name, string expected)
    {
        Ended ended = await CommandLine.RunAsync(["decode", Path.Combine(_directory, name)]);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_NoCapture_FailsAndNamesTheInput()
    {
        Ended ended = await CommandLine.RunAsync(["decode", "-"], "nonsense"u8.ToArray());

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.StartsWith("ipvs-syncd: standard input: ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_InterruptedWhileItWaitsForInput_EndsWithWhatIsDecoded()
    {
        using Process process = CommandLine.Start(["decode", "-"]);
        await process.StandardInput.BaseStream.WriteAsync(Pcap.OfMessages(SpecMessages.C), TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await CommandLine.SignalAsync(process, "INT");

        Assert.Equal(Interruption.ExitCode, await CommandLine.WaitAsync(process));
    }

    [Fact]
    public async Task Plan_Sample_IsReadFromStandardInputAndWhatIsGivenBesideItCounts()
    {
        const string Sample = """
            Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
            TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899
            TCP C0000203 DE96 CB00710A 0015 0A00000B 0015 TIME_WAIT       110
            TCP C0000203 DE9

            """;
        Ended ended = await CommandLine.RunAsync(["plan", "--sample", "-", "--duration", "2", "--rate", "7", "--json"], Encoding.UTF8.GetBytes(Sample));
        JsonElement plan = JsonDocument.Parse(ended.Output).RootElement;

        Assert.Equal((ExitCodes.Done, ""), (ended.Code, ended.Error));
        Assert.Equal((1, 1, 1), (Number(plan, "sample", "established"), Number(plan, "sample", "timeWait"), Number(plan, "sample", "malformed")));
        Assert.Equal((7, 2), (Number(plan, "workload", "connectionsPerSecond"), Number(plan, "workload", "seconds")));
    }

    [Fact]
    public async Task Plan_Picture_IsDrawnBesideTheTable()
    {
        string picture = Path.Combine(_directory, "plan.svg");
        Ended ended = await CommandLine.RunAsync(["plan", "--duration", "2", "--rate", "5", "--policy", "7 0 10", "--svg", picture]);

        Assert.Equal((ExitCodes.Done, ""), (ended.Code, ended.Error));
        Assert.Equal(2, ended.Lines.Count(line => line.StartsWith("7 0 10 0 ", StringComparison.Ordinal)));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(picture, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal([picture], Directory.GetFiles(_directory));
    }

    [Theory]
    [InlineData("plan --rate 0 --busy 0", ExitCodes.Usage, "there is no traffic to plan")]
    [InlineData("plan --sample /none", ExitCodes.Failed, "Could not find file '/none'")]
    [InlineData("plan --duration 1 --rate 1 --svg /none/picture", ExitCodes.Failed, "/none/picture")]
    [InlineData("plan --policy 50/3", ExitCodes.Usage, "--policy '50/3'")]
    [InlineData("demo --policy 50/3", ExitCodes.Usage, "--policy '50/3'")]
    [InlineData("demo --sync-ports 3", ExitCodes.Usage, "power of two")]
    [InlineData("statos", ExitCodes.Usage, "'statos' is not understood")]
    public async Task AnyCommand_WhatCannotBeDone_IsSaidOnStandardError(string command, int code, string expected)
    {
        Ended ended = await CommandLine.RunAsync(command.Split(' '));

        Assert.Equal(code, ended.Code);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_NoTerminal_PrintsALineASecondAndTheComparison()
    {
        Ended ended = await CommandLine.RunAsync(["demo", "--seconds", "2", "--rate", "5", "--connections", "2", "--sync-ports", "2", "--policy", "0 0 60 1", "--seed", "3"]);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains(ended.Lines, line => line.StartsWith("   1 s: ", StringComparison.Ordinal));
        Assert.StartsWith("0 differences of ", ended.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_Terminal_ShowsATableThenTheComparison()
    {
        Ended ended = await CommandLine.RunOnTerminalAsync("demo", "--seconds", "1", "--rate", "5", "--connections", "2");

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("received by the backup", ended.Output, StringComparison.Ordinal);
        Assert.StartsWith("0 differences of ", ended.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Demo_Interrupted_EndsInOrder(string signal)
    {
        using Process process = CommandLine.Start(["demo", "--seconds", "100", "--rate", "5"]);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Task<string> rest = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await CommandLine.SignalAsync(process, signal);

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(process));
        Assert.Contains("0 differences of ", await rest, StringComparison.Ordinal);
    }

    private static double Number(JsonElement plan, string part, string name) => plan.GetProperty(part).GetProperty(name).GetDouble();
}
