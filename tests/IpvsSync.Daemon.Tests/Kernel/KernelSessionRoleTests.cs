using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>Changes of role and policy while a session runs.</summary>
public sealed class KernelSessionRoleTests : IDisposable
{
    private static readonly SyncDaemon s_foreign = new() { Role = SyncDaemonRole.Master, Interface = "eth1", SyncId = 7, MaxLength = 1472 };

    private readonly SessionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    private SyncOptions Backup => _bed.Options with { Role = Role.Backup };

    private SyncOptions Master => _bed.Options with { Role = Role.Master };

    [Fact]
    public void Widen_FromBackupToBoth_AddsTheMasterAndItsPolicyAndJournalsThemFirst()
    {
        using KernelSession session = _bed.Start(Backup);
        List<int> journaled = [];
        _bed.Kernel.BeforeChange = _ => journaled.Add(_bed.Journal!.Started.Count);
        session.Widen(_bed.Options);

        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        Assert.Equal("0 0", _bed.Get("sync_threshold"));
        Assert.Equal([2], journaled);
    }

    [Fact]
    public void Widen_ThenRestore_LeavesTheKernelAsItWasFound()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start(Backup);
        session.Widen(_bed.Options);

        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Widen_ForeignDaemonInTheNewRole_IsRefusedAndAllStays()
    {
        using KernelSession session = _bed.Start(Backup);
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string before = _bed.State;

        Assert.Throws<KernelSessionException>(() => session.Widen(_bed.Options));
        Assert.Equal(before, _bed.State);
        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(_bed.Journal!.Started).Role);
    }

    [Fact]
    public void Widen_KernelRefuses_NarrowUndoesWhatWasDone()
    {
        using KernelSession session = _bed.Start(Backup);
        string before = _bed.State;
        _bed.Kernel.Refuse(IPVS_CMD_NEW_DAEMON, Errno.ENOMEM);

        Assert.Throws<KernelException>(() => session.Widen(_bed.Options));
        Assert.True(session.Narrow(Backup));
        Assert.Equal(before, _bed.State);
        session.CheckDaemons();
    }

    [Fact]
    public void Widen_NotStarted_DoesNothing()
    {
        using KernelSession session = _bed.Open();
        session.Widen(_bed.Options);
        session.ChangePolicy(_bed.Options);

        Assert.True(session.Narrow(Backup));
        Assert.Empty(_bed.Kernel.Daemons);
        Assert.False(File.Exists(_bed.JournalFile));
    }

    [Fact]
    public void Narrow_FromBothToBackup_UndoesTheMasterAloneAndJournalsTheRest()
    {
        using KernelSession session = _bed.Start();

        Assert.True(session.Narrow(Backup));
        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.Equal(("3 50", "4"), (_bed.Get("sync_threshold"), _bed.Get("sync_ports")));
        KernelChanges journal = _bed.Journal!;
        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(journal.Started).Role);
        Assert.Equal("sync_ports", Assert.Single(journal.Sysctls).Name);
        session.CheckDaemons();
    }

    [Fact]
    public void Narrow_ReplacedDaemon_IsPutBackWithItsRole()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        using KernelSession session = _bed.Start(_bed.Options with { Kernel = new KernelOptions { TakeOver = true } });

        Assert.True(session.Narrow(Backup));
        Assert.Contains(s_foreign, _bed.Kernel.Daemons);
    }

    [Fact]
    public void Narrow_SysctlIsRefused_UndoesTheRestAndTheStopTriesAgain()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        _bed.Remove("sync_threshold");

        Assert.False(session.Narrow(Backup));
        Assert.Single(_bed.Kernel.Daemons);
        Assert.Equal("0", _bed.Get("sync_refresh_period"));
        session.CheckDaemons();
        _bed.Set("sync_threshold", "0\t0");
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Narrow_DaemonCannotBeStopped_TheStopTriesAgain()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.EPERM);

        Assert.False(session.Narrow(Backup));
        Assert.Equal("3 50", _bed.Get("sync_threshold"));
        _bed.Kernel.AllowAll();
        session.CheckDaemons();
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Narrow_DaemonCouldNotBeStoppedAndOthersStopIt_IsNotMissed()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.EPERM);
        session.Narrow(Backup);
        _bed.Kernel.Others(kernel => kernel.StopDaemon(SyncDaemonRole.Master));

        session.CheckDaemons();
    }

    [Fact]
    public void Narrow_JournalCannotBeWritten_IsFalseThoughTheKernelIsRestored()
    {
        using KernelSession session = _bed.Start();
        Directory.Delete(Path.GetDirectoryName(_bed.JournalFile)!, recursive: true);
        File.WriteAllText(Path.GetDirectoryName(_bed.JournalFile)!, "a file where the directory should be");

        Assert.False(session.Narrow(Backup));
        Assert.Single(_bed.Kernel.Daemons);
        Assert.Contains(108, _bed.Logged);
    }

    [Fact]
    public void Narrow_ToMaster_LeavesThePolicyInForce()
    {
        using KernelSession session = _bed.Start();

        Assert.True(session.Narrow(Master));
        Assert.Equal(SyncDaemonRole.Master, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.Equal("0 0", _bed.Get("sync_threshold"));
    }

    [Fact]
    public void Start_BackupOnly_RunsNoBackupUntilTheRoleIsBackup()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Open();
        session.Start(BackupOnly.InKernel(_bed.Options, isOn: true));
        Assert.Equal(SyncDaemonRole.Master, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.Equal("0 0", _bed.Get("sync_threshold"));

        session.Widen(Backup);
        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        Assert.True(session.Narrow(Backup));
        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.Equal("3 50", _bed.Get("sync_threshold"));

        session.Widen(BackupOnly.InKernel(_bed.Options, isOn: true));
        Assert.True(session.Narrow(BackupOnly.InKernel(_bed.Options, isOn: true)));
        Assert.Equal(SyncDaemonRole.Master, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void ChangePolicy_OtherValues_AreSetAndTheStopRestoresTheFirstOnes()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        session.ChangePolicy(_bed.Options with { SyncThreshold = 3, SyncPeriod = 100, SyncRefreshPeriod = 0, SyncRetries = 3 });

        Assert.Equal(("3 100", "20", "3"), (_bed.Get("sync_threshold"), _bed.Get("sync_refresh_period"), _bed.Get("sync_retries")));
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void ChangePolicy_KernelRefuses_JournalHoldsWhatTheNextStartHasToRestore()
    {
        string found = _bed.State;
        KernelSession session = _bed.Start();
        _bed.Remove("sync_refresh_period");

        Assert.Throws<KernelException>(() => session.ChangePolicy(_bed.Options with { SyncThreshold = 3, SyncPeriod = 100, SyncRefreshPeriod = 10 }));
        session.Dispose();
        Assert.Equal("3 100", _bed.Get("sync_threshold"));
        Assert.Contains(new SysctlChange("sync_threshold", "3 50", "3 100"), _bed.Journal!.Sysctls);
        _bed.Set("sync_refresh_period", "20");
        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Widen_AfterANarrowThatFailedInPart_SetsThePolicyAgain()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        _bed.Options = _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
        using KernelSession session = _bed.Start();
        _bed.Kernel.Interfaces.Remove("eth1");
        Assert.False(session.Narrow(Backup)); // keepalived's master cannot be put back: its interface is gone
        Assert.Equal("3 50", _bed.Get("sync_threshold"));
        _bed.Kernel.Interfaces["eth1"] = 1500;

        session.Widen(_bed.Options);
        Assert.Equal(("0 0", "20", "1"), (_bed.Get("sync_threshold"), _bed.Get("sync_refresh_period"), _bed.Get("sync_retries")));
    }

    [Fact]
    public void Widen_OurMasterCouldNotBeStoppedBefore_IsNotTakenForSomebodyElses()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.ETIMEDOUT);
        Assert.False(session.Narrow(Backup));
        _bed.Kernel.AllowAll();

        session.Widen(_bed.Options);
        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        Assert.Equal("0 0", _bed.Get("sync_threshold"));
    }

    [Fact]
    public void Restore_OurMasterCouldNotBeStoppedBeforeWithTakeOver_DoesNotLeaveItRunning()
    {
        _bed.Options = _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.ETIMEDOUT);
        Assert.False(session.Narrow(Backup));
        _bed.Kernel.AllowAll();
        session.Widen(_bed.Options);

        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void ChangePolicy_JournalCannotBeWritten_TheStopStillRestores()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        File.Delete(_bed.JournalFile);
        Directory.CreateDirectory(_bed.JournalFile); // cannot be replaced
        Assert.Throws<KernelSessionException>(() => session.ChangePolicy(_bed.Options with { SyncThreshold = 3, SyncPeriod = 100, SyncRefreshPeriod = 10, SyncRetries = 3 }));
        Assert.Equal("0 0", _bed.Get("sync_threshold"));
        Directory.Delete(_bed.JournalFile);

        Assert.True(session.Restore());
        Assert.DoesNotContain(106, _bed.Logged);
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void ChangePolicy_KernelRefusesOne_TheStopStillRestoresWhatWasNotWritten()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        string held = _bed.Get("sync_refresh_period");
        _bed.Remove("sync_refresh_period"); // refused: it and what follows keep what was written at the start
        Assert.Throws<KernelException>(() => session.ChangePolicy(_bed.Options with { SyncThreshold = 3, SyncPeriod = 100, SyncRefreshPeriod = 10, SyncRetries = 3 }));
        _bed.Set("sync_refresh_period", held);

        Assert.True(session.Restore());
        Assert.DoesNotContain(106, _bed.Logged);
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void CheckDaemons_ADaemonCouldNotBeStopped_StopsItSoonAfter()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.ETIMEDOUT);
        Assert.False(session.Narrow(Master)); // backup_only is on now: while the backup runs, the kernel refuses every connection
        _bed.Kernel.AllowAll();

        session.CheckDaemons();
        Assert.Equal(SyncDaemonRole.Master, Assert.Single(_bed.Kernel.Daemons).Role);
    }
}
