using System.Diagnostics;
using System.Globalization;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Flow;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>The process that loads the BPF program.</summary>
public sealed class FeedLoaderCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-feed-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task FeedLoader_WithoutASocket_SaysWhatIsMissing()
    {
        Ended ended = await CommandLine.RunAsync(["feed-loader"]);
        Assert.Equal(ExitCodes.Usage, ended.Code);
        Assert.Contains("systemd has handed no socket over", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("INT", 2)]
    public async Task FeedLoader_Ended_RemovesItsSocketAndEndsWithSuccess(string name, int signal)
    {
        string path = Path.Combine(_directory, "feed.sock");
        using Process process = CommandLine.Start(["feed-loader", "--listen", path]);
        Until.True(() => Path.Exists(path) && IsHandled(process, signal));
        await CommandLine.SignalAsync(process, name);

        Assert.Equal(ExitCodes.Done, await CommandLine.WaitAsync(process));
        Assert.False(Path.Exists(path));
    }

    /// <summary>Whether a process has a handler for a signal: the kernel keeps any other from the first process of a container.</summary>
    private static bool IsHandled(Process process, int signal)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (ulong.Parse(line["SigCgt:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (signal - 1))) != 0;
    }

    [Fact]
    public async Task FeedLoader_PathThatExists_IsLeftAlone()
    {
        string path = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);
        Ended ended = await CommandLine.RunAsync(["feed-loader", "--listen", path]);
        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains($"listen at {path}: EADDRINUSE", ended.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }
}
