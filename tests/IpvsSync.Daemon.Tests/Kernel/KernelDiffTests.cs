using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelDiffTests
{
    private static readonly SyncOptions s_both = new() { Interface = "eth1", SyncPorts = 4 };
    private static readonly SyncOptions s_master = s_both with { Role = Role.Master };
    private static readonly SyncOptions s_backup = s_both with { Role = Role.Backup };
    private static readonly SyncDaemon s_foreign = new() { Role = SyncDaemonRole.Master, Interface = "eth1", SyncId = 7 };

    [Fact]
    public void More_Backup_LeavesTheMastersPolicyAlone()
    {
        KernelChanges more = KernelDiff.More(new KernelChanges(), s_backup, [s_foreign], Found);

        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(more.Started).Role);
        Assert.Empty(more.Replaced);
        Assert.Equal([new SysctlChange("sync_ports", "1", "4")], more.Sysctls);
        Assert.Null(more.PushAddress);
    }

    [Fact]
    public void More_FromBackupToBoth_IsWhatTheMasterNeeds()
    {
        KernelChanges backup = KernelDiff.More(new KernelChanges(), s_backup, [], Found);
        KernelChanges more = KernelDiff.More(backup, s_both, [s_foreign], Found);

        Assert.Equal(SyncDaemonRole.Master, Assert.Single(more.Started).Role);
        Assert.Equal(s_foreign, Assert.Single(more.Replaced).ToDaemon());
        Assert.DoesNotContain(more.Sysctls, change => change.Name == "sync_ports");
        Assert.Contains(new SysctlChange("sync_threshold", "3 50", "0 0"), more.Sysctls);
        Assert.NotNull(more.PushAddress);
    }

    [Fact]
    public void Surplus_FromBothToBackup_IsWhatTheMasterNeeded()
    {
        KernelChanges both = KernelDiff.More(new KernelChanges(), s_both, [s_foreign], Found);
        KernelChanges surplus = KernelDiff.Surplus(both, s_backup);
        KernelChanges left = KernelDiff.Without(both, surplus);

        Assert.Equal(SyncDaemonRole.Master, Assert.Single(surplus.Started).Role);
        Assert.Single(surplus.Replaced);
        Assert.NotNull(surplus.PushAddress);
        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(left.Started).Role);
        Assert.Empty(left.Replaced);
        Assert.Null(left.PushAddress);
        Assert.Equal([new SysctlChange("sync_ports", "1", "4")], left.Sysctls);
    }

    [Fact]
    public void Surplus_FromBothToMaster_IsTheBackupAlone()
    {
        KernelChanges both = KernelDiff.More(new KernelChanges(), s_both, [], Found);
        KernelChanges surplus = KernelDiff.Surplus(both, s_master);

        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(surplus.Started).Role);
        Assert.Empty(surplus.Sysctls);
        Assert.Null(surplus.PushAddress);
    }

    [Fact]
    public void Surplus_SameRole_IsNothing()
    {
        KernelChanges surplus = KernelDiff.Surplus(KernelDiff.More(new KernelChanges(), s_both, [], Found), s_both);

        Assert.Empty(surplus.Started);
        Assert.Empty(surplus.Sysctls);
        Assert.Null(surplus.PushAddress);
    }

    private static string Found(string name) => name == "sync_threshold" ? "3 50" : "1";
}
