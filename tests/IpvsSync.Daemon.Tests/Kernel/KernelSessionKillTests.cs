using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>What a session that is killed leaves behind, and what the next one does about it.</summary>
public sealed class KernelSessionKillTests : IDisposable
{
    private static readonly SyncDaemon s_foreign = new() { Role = SyncDaemonRole.Master, Interface = "eth1", SyncId = 7, MaxLength = 1472 };

    private readonly SessionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_AfterAKillBeforeAnyChange_FindsTheKernelAsItWas(int change)
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        _bed.Options = _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
        string found = _bed.State;
        KillAtChange(change);

        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
        Assert.Contains(102, _bed.Logged);
    }

    [Fact]
    public void Start_EachChange_IsInTheJournalBeforeItIsMade()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        using KernelSession session = _bed.Open(_bed.Options with { Kernel = new KernelOptions { TakeOver = true } });
        List<byte> changes = [];
        _bed.Kernel.BeforeChange = command =>
        {
            changes.Add(command);
            KernelChanges journal = _bed.Journal!;
            Assert.Equal([SyncDaemonRole.Master, SyncDaemonRole.Backup], journal.Started.Select(daemon => daemon.Role));
            Assert.Equal(s_foreign, Assert.Single(journal.Replaced).ToDaemon());
            Assert.Contains(new SysctlChange("sync_threshold", "3 50", "0 0"), journal.Sysctls);
            Assert.Equal("192.0.2.1", journal.PushAddress);
        };
        session.Start(_bed.Options);

        Assert.Equal([IPVS_CMD_DEL_DAEMON, IPVS_CMD_NEW_DAEMON, IPVS_CMD_NEW_DAEMON], changes);
    }

    [Fact]
    public void Open_KilledBeforeTheFirstSysctl_UndoesOnlyWhatWasDone()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;
        // The foreign daemon is stopped, then no sysctl can be set: as far as the kernel goes, a kill between the two.
        _bed.Kernel.BeforeChange = _ => _bed.Remove("sync_ports");
        KernelSession session = _bed.Open(_bed.Options with { Kernel = new KernelOptions { TakeOver = true } });
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => session.Start(_bed.Options)).Errno);
        session.Dispose();
        _bed.Kernel.BeforeChange = _ => { };
        _bed.Set("sync_ports", "1");

        Assert.Throws<KernelSessionException>(() => _bed.Open());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Open_KilledWithAPusher_RemovesItsService()
    {
        _bed.Start().Dispose();
        _bed.Kernel.Others(kernel => kernel.AddService(PushInterface.Service(new PushAddresses(_bed.Options.Kernel.PushAddress), isPersistent: true)));

        _bed.Open().Dispose();
        Assert.Empty(_bed.Kernel.Services);
    }

    [Fact]
    public void Open_KilledAfterTheUndoButBeforeTheJournalWasRemoved_ChangesNothing()
    {
        string found = _bed.State;
        KernelSession session = _bed.Start();
        byte[] journal = File.ReadAllBytes(_bed.JournalFile);
        session.Restore();
        session.Dispose();
        File.WriteAllBytes(_bed.JournalFile, journal);

        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
    }

    [Fact]
    public void Open_AfterAKillAndAReboot_LeavesTheSysctlsOfTheNewBoot()
    {
        _bed.Start().Dispose();
        foreach (SyncDaemonRole role in Enum.GetValues<SyncDaemonRole>())
            _bed.Kernel.Others(kernel => kernel.StopDaemon(role));
        string found = _bed.State;
        _bed.Place = new KernelPlace("boot2", "1");

        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
        Assert.DoesNotContain(102, _bed.Logged);
        Assert.Contains(109, _bed.Logged);
    }

    [Fact]
    public void Open_DamagedJournal_RefusesAndTouchesNothing()
    {
        _bed.Start().Dispose();
        string found = _bed.State;
        File.WriteAllText(_bed.JournalFile, "{ \"Boot\":");

        Assert.Contains("damaged", Assert.Throws<KernelSessionException>(() => _bed.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(found, _bed.State);
        Assert.True(File.Exists(_bed.JournalFile));
    }

    [Fact]
    public void Open_LeftoverCannotBeUndone_RefusesAndTheNextStartTriesAgain()
    {
        string found = _bed.State;
        _bed.Start().Dispose();
        _bed.Kernel.Refuse(IPVS_CMD_DEL_DAEMON, Errno.EPERM);

        Assert.Contains("cannot be undone", Assert.Throws<KernelSessionException>(() => _bed.Open()).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_bed.JournalFile));
        _bed.Kernel.AllowAll();
        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Open_AfterAKillInAnotherNamespace_LeavesThatJournalAlone()
    {
        _bed.Start().Dispose();
        string running = _bed.State;
        _bed.Place = new KernelPlace("boot1", "2");
        SyncOptions elsewhere = _bed.Options with { Kernel = new KernelOptions { FeedPort = 20001, InjectPort = 20002, TakeOver = true } };

        _bed.Open(elsewhere).Dispose();
        Assert.Equal(running, _bed.State);
        Assert.True(File.Exists(_bed.JournalFile));
    }

    /// <summary>Starts a session, and kills it before its change number <paramref name="change"/> of netlink.</summary>
    private void KillAtChange(int change)
    {
        KernelSession session = _bed.Open();
        _bed.Kernel.BeforeChange = _ =>
        {
            if (--change == 0)
                throw new KilledException();
        };
        Assert.Throws<KilledException>(() => session.Start(_bed.Options));
        session.Dispose();
        _bed.Kernel.BeforeChange = _ => { };
    }

    private sealed class KilledException : Exception;
}
