using IpvsSync.Daemon.Hosting;

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
