using System.Diagnostics;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Commands.Decode;
using IpvsSync.Linux.Files;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>What the commands do when their output cannot be written: one line that says why, and exit status 1; never an abort.</summary>
public sealed class OutputTests : IAsyncLifetime
{
    private readonly RunningDaemon _daemon = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-output-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("plan --help")]
    [InlineData("plan --duration 1 --rate 1")]
    [InlineData("plan --duration 1 --rate 1 --json")]
    [InlineData("decode CAPTURE")]
    [InlineData("decode CAPTURE --json")]
    [InlineData("check-config --config CONFIG")]
    [InlineData("check-config --config CONFIG --json")]
    [InlineData("demo --seconds 1 --rate 1 --connections 1")]
    public async Task Tool_OutputFullOrClosed_SaysSoAndFails(string command)
    {
        await File.WriteAllBytesAsync(At("capture"), Pcap.OfMessages(SpecMessages.C), TestContext.Current.CancellationToken);
        string words = command.Replace("CAPTURE", At("capture"), StringComparison.Ordinal).Replace("CONFIG", _daemon.ConfigurationFile, StringComparison.Ordinal);

        Assert.Equal(new Ended(ExitCodes.Failed, "", "ipvs-syncd: cannot write to standard output: No space left on device\n"), await ShellAsync($"{words} >/dev/full"));
        Assert.Equal(new Ended(ExitCodes.Failed, "", "ipvs-syncd: cannot write to standard output: Bad file descriptor\n"), await ShellAsync($"{words} >&-"));
        Assert.Equal(new Ended(ExitCodes.Done, "", ""), await ShellAsync($"{words} | true"));
        Assert.Equal(new Ended(ExitCodes.Failed, "", ""), await ShellAsync($"{words} >/dev/full 2>/dev/full"));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status --json")]
    [InlineData("connections")]
    [InlineData("top --count 1")]
    [InlineData("reload")]
    public async Task Client_OutputFullOrClosed_SaysSoAndFails(string command)
    {
        await _daemon.StartReadyAsync();
        string words = $"{command} --socket {_daemon.ControlSocket}";

        Assert.Equal(new Ended(ExitCodes.Failed, "", "ipvs-syncd: cannot write to standard output: No space left on device\n"), await ShellAsync($"{words} >/dev/full"));
        Assert.Equal(new Ended(ExitCodes.Failed, "", "ipvs-syncd: cannot write to standard output: Bad file descriptor\n"), await ShellAsync($"{words} >&-"));
        Assert.Equal(new Ended(ExitCodes.Done, "", ""), await ShellAsync($"{words} | true"));
    }

    [Theory]
    [InlineData("nonsense 2>/dev/full")]
    [InlineData("plan --nonsense >/dev/full 2>/dev/full")]
    [InlineData("check-config --config /none 2>/dev/full")]
    public async Task Any_ErrorCannotBeWritten_IsTheExitStatusAlone(string command)
        => Assert.Equal(new Ended(ExitCodes.Usage, "", ""), await ShellAsync(command));

    [Theory]
    [InlineData(">/dev/full 2>/dev/full")]
    [InlineData(">&-")]
    [InlineData("| true")]
    public async Task Run_LogCannotBeWritten_GoesOn(string redirection)
    {
        using Process shell = Start($"\"$0\" run --config {_daemon.ConfigurationFile} {redirection}");
        Ended status;
        do
            status = await _daemon.AskAsync("status");
        while (status.Code != ExitCodes.Done);

        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("reload")).Code);
        Assert.Equal(ExitCodes.Done, (await _daemon.AskAsync("stop")).Code);
        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(shell));
    }

    [Fact]
    public async Task Status_AppendedToAFile_FollowsWhatIsThere()
    {
        await _daemon.StartReadyAsync();
        Ended ended = await ShellAsync($"--version >{At("log")}; echo between >>{At("log")}; \"$0\" status --socket {_daemon.ControlSocket} >>{At("log")}");
        string[] lines = await File.ReadAllLinesAsync(At("log"), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Equal("between", lines[1]);
        Assert.StartsWith("role Both", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("link")]
    [InlineData("folder")]
    public async Task Plan_PictureIsNoRegularFile_IsRefusedAndStays(string name)
    {
        await ShellAsync($"--version >{At("target")}; mkfifo {At("fifo")}; ln -s target {At("link")}; mkdir {At("folder")}");
        FileKind before = FileKinds.At(At(name));
        Ended ended = await ShellAsync($"plan --duration 1 --rate 1 --svg {At(name)} >/dev/null");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Equal($"ipvs-syncd: {At(name)}: it is {FileKinds.Text(before)}; only a regular file is replaced\n", ended.Error);
        Assert.Equal(before, FileKinds.At(At(name)));
        Assert.Equal(4, Directory.GetFileSystemEntries(_directory).Length);
    }

    private string At(string name) => Path.Combine(_directory, name);

    private static Process Start(string script) => CommandLine.StartShell($"set -o pipefail; {script}");

    /// <summary>Runs the words as arguments of the program in a shell.</summary>
    private static async Task<Ended> ShellAsync(string words)
    {
        using Process process = Start($"\"$0\" {words}");
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new Ended(await CommandLine.WaitAsync(process), await output, await error);
    }
}
