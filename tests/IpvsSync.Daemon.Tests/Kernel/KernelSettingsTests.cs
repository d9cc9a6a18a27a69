using System.Net;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelSettingsTests
{
    private static readonly SyncOptions s_options = new() { Interface = "eth1" };

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 50, 20)]
    [InlineData(10, 0, 10)]
    [InlineData(60, 0, 20)]
    [InlineData(20, 50, 20)]
    public void FeedRefresh_Periods_IsAtMost20SecondsAndNoneWithoutAnyPeriod(int refresh, int period, int feed)
        => Assert.Equal(feed, KernelSettings.FeedRefresh(s_options with { SyncRefreshPeriod = refresh, SyncPeriod = period }));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void FeedRetries_Options_IsAtLeastOne(int retries, int feed)
        => Assert.Equal(feed, KernelSettings.FeedRetries(s_options with { SyncRetries = retries }));

    [Theory]
    [InlineData(KernelMode.Ipvs, 20u)]
    [InlineData(KernelMode.Embedded, 20u)]
    [InlineData(KernelMode.Attached, 0u)]
    public void Refresh_FeedWhosePolicyIsOurs_AddsItsSilenceToTheTimeouts(object mode, uint margin)
    {
        SyncOptions options = s_options with { Kernel = new KernelOptions { Mode = (KernelMode)mode } };

        Assert.Equal(new RefreshSettings(60_000, 1, margin), KernelSettings.Refresh(options));
    }

    [Theory]
    [InlineData(KernelMode.Ipvs, 381)]
    [InlineData(KernelMode.Attached, 65507)]
    public void LargestFeedMessage_MasterOfOthers_MaySendAny(object mode, int size)
        => Assert.Equal(size, KernelSettings.LargestFeedMessage(s_options with { Kernel = new KernelOptions { Mode = (KernelMode)mode } }));

    [Fact]
    public void Sysctls_Master_AreInTheKernelsSpelling()
    {
        SyncOptions options = s_options with
        {
            Role = Role.Master, SyncPorts = 2, SyncThreshold = 3, SyncPeriod = 50, SyncPersistMode = 1, SyncQueueLength = 100, SocketBufferSize = 4096,
        };

        Assert.Equal(
            [
                ("sync_ports", "2"), ("sync_threshold", "3 50"), ("sync_refresh_period", "20"), ("sync_retries", "1"), ("sync_persist_mode", "1"),
                ("sync_version", "1"), ("sync_qlen_max", "100"), ("sync_sock_size", "4096"),
            ],
            KernelSettings.Sysctls(options));
    }

    [Fact]
    public void Sysctls_Backup_AreNoPolicy()
        => Assert.Equal([("sync_ports", "1")], KernelSettings.Sysctls(s_options with { Role = Role.Backup, SyncQueueLength = 100 }));

    [Fact]
    public void Daemons_Options_DecideInterfaceGroupsAndPorts()
    {
        var kernel = new KernelOptions
        {
            Interface = "dummy0", SyncId = 9, FeedGroup = IPAddress.Parse("239.0.0.1"), FeedPort = 1111, InjectGroup = IPAddress.Parse("239.0.0.2"), InjectPort = 2222,
        };

        Assert.Equal(
            [
                new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "dummy0", SyncId = 9, MaxLength = 56, Group = kernel.FeedGroup, Port = 1111 },
                new SyncDaemon { Role = SyncDaemonRole.Backup, Interface = "dummy0", SyncId = 9, MaxLength = 1472, Group = kernel.InjectGroup, Port = 2222 },
            ],
            KernelSettings.Daemons(s_options with { Kernel = kernel }));
    }

    [Theory]
    [InlineData(KernelMode.Ipvs, "lo", 7780)]
    [InlineData(KernelMode.Ipvs, "dummy0", 1472)]
    [InlineData(KernelMode.Attached, "lo", 1472)]
    public void InjectMessageSize_BackupOfOthersOrOnAnotherInterface_IsWhatEveryBackupReceives(object mode, string name, int size)
        => Assert.Equal(size, KernelSettings.InjectMessageSize(new KernelOptions { Mode = (KernelMode)mode, Interface = name }));
}
