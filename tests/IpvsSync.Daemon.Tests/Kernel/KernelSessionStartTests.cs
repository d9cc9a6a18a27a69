using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelSessionStartTests : IDisposable
{
    private static readonly SyncDaemon s_foreign = new() { Role = SyncDaemonRole.Master, Interface = "eth1", SyncId = 7, MaxLength = 1472 };

    private readonly SessionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Start_FreeKernel_SetsThePolicyAndStartsBothDaemons()
    {
        using KernelSession session = _bed.Start();

        Assert.Equal(
            [
                new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "lo", MaxLength = 56, Port = 18848 },
                new SyncDaemon { Role = SyncDaemonRole.Backup, Interface = "lo", MaxLength = 7780, Port = 28848 },
            ],
            _bed.Kernel.Daemons);
        Assert.Equal(("4", "0 0", "20", "1"), (_bed.Get("sync_ports"), _bed.Get("sync_threshold"), _bed.Get("sync_refresh_period"), _bed.Get("sync_retries")));
        Assert.Equal([100, 100], _bed.Logged);
    }

    [Fact]
    public void Start_BackupOnly_LeavesThePolicyToOthers()
    {
        using KernelSession session = _bed.Start(_bed.Options with { Role = Role.Backup });

        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.Equal(("4", "3 50", "0"), (_bed.Get("sync_ports"), _bed.Get("sync_threshold"), _bed.Get("sync_refresh_period")));
    }

    [Fact]
    public void Open_Session_ChangesNothingYet()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Open();

        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
    }

    [Fact]
    public void Open_ForeignDaemonInOurRole_IsRefusedWithItsDetails()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;

        string refusal = Assert.Throws<KernelSessionException>(() => _bed.Open()).Message;
        Assert.Contains("sync master on eth1, group 224.0.0.81, port 8848, sync id 7", refusal, StringComparison.Ordinal);
        Assert.Contains("Kernel:TakeOver", refusal, StringComparison.Ordinal);
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Open_AfterARefusal_FindsTheClaimFree()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        Assert.Throws<KernelSessionException>(() => _bed.Open());
        _bed.Kernel.Others(kernel => kernel.StopDaemon(SyncDaemonRole.Master));

        _bed.Open().Dispose();
    }

    [Fact]
    public void Open_ForeignDaemonInTheOtherRole_IsLoggedAndStays()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        using KernelSession session = _bed.Start(_bed.Options with { Role = Role.Backup });

        Assert.Contains(s_foreign, _bed.Kernel.Daemons);
        Assert.Equal([105, 100], _bed.Logged);
    }

    [Fact]
    public void Start_ForeignDaemonCameAfterOpen_IsRefusedAndNothingChanged()
    {
        using KernelSession session = _bed.Open();
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;

        Assert.Contains("sync id 7", Assert.Throws<KernelSessionException>(() => session.Start(_bed.Options)).Message, StringComparison.Ordinal);
        Assert.Equal(found, _bed.State);
        Assert.Null(_bed.Journal);
    }

    [Fact]
    public void Start_TakeOver_ReplacesTheForeignDaemonAndRestorePutsItBack()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;
        using KernelSession session = _bed.Start(TakeOver());

        Assert.DoesNotContain(s_foreign, _bed.Kernel.Daemons);
        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        Assert.Contains(104, _bed.Logged);
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
        Assert.Contains(107, _bed.Logged);
    }

    [Fact]
    public void Open_DaemonAtOurAddress_IsAKilledOnesAndStopped()
    {
        _bed.Start().Dispose();
        File.Delete(_bed.JournalFile);

        _bed.Open().Dispose();
        Assert.Empty(_bed.Kernel.Daemons);
        Assert.Equal(2, _bed.Logged.Count(id => id == 103));
    }

    [Theory]
    [InlineData("lo", 18848, 1472)]
    [InlineData("lo", 18849, 56)]
    [InlineData("eth1", 18848, 56)]
    public void Open_DaemonThatDiffersFromOurs_IsSomebodyElses(string name, int port, int length)
    {
        var daemon = new SyncDaemon { Role = SyncDaemonRole.Master, Interface = name, Port = (ushort)port, MaxLength = (ushort)length };
        _bed.Kernel.Others(kernel => kernel.StartDaemon(daemon));

        Assert.Throws<KernelSessionException>(() => _bed.Open());
        Assert.Equal(daemon, Assert.Single(_bed.Kernel.Daemons));
    }

    [Fact]
    public void Open_LeftoverWhoseThreadHasNotRun_IsGoneThoughTheKernelDoesNotAcknowledge()
    {
        _bed.Start().Dispose();
        File.Delete(_bed.JournalFile);
        _bed.Kernel.ThreadsAreSlow = true;

        _bed.Open().Dispose();
        Assert.Empty(_bed.Kernel.Daemons);
    }

    [Fact]
    public void Open_NotPermitted_NamesTheCapability()
    {
        _bed.Kernel.RefuseAll(Errno.EPERM);

        KernelException refusal = Assert.Throws<KernelException>(() => _bed.Open());
        Assert.Equal(Errno.EPERM, refusal.Errno);
        Assert.Contains("CAP_NET_ADMIN", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_KernelDoesNotAnswer_EndsInATimeout()
    {
        _bed.Kernel.IsSilent = true;

        Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<KernelException>(() => _bed.Open()).Errno);
    }

    [Theory]
    [InlineData(IPVS_CMD_NEW_DAEMON, Errno.EPERM)]
    [InlineData(IPVS_CMD_NEW_DAEMON, Errno.ENOMEM)]
    public void Start_KernelRefusesADaemon_RestoreUndoesTheRest(byte command, int errno)
    {
        string found = _bed.State;
        using KernelSession session = _bed.Open();
        _bed.Kernel.Refuse(command, errno);

        Assert.Equal(errno, Assert.Throws<KernelException>(() => session.Start(_bed.Options)).Errno);
        Assert.NotEqual(found, _bed.State);
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
    }

    [Fact]
    public void Start_UnknownInterface_IsENODEV()
    {
        SyncOptions options = _bed.Options with { Kernel = new KernelOptions { Interface = "nope" } };
        using KernelSession session = _bed.Open(options);

        Assert.Equal(Errno.ENODEV, Assert.Throws<KernelException>(() => session.Start(options)).Errno);
    }

    [Fact]
    public void Start_JournalCannotBeWritten_ChangesNothing()
    {
        string found = _bed.State;
        File.WriteAllText(Path.GetDirectoryName(_bed.JournalFile)!, "a file where the directory should be");
        using KernelSession session = _bed.Open();

        Assert.Contains("ControlSocket", Assert.Throws<KernelSessionException>(() => session.Start(_bed.Options)).Message, StringComparison.Ordinal);
        Assert.Equal(found, _bed.State);
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Open_AnotherSessionHoldsTheClaim_IsRefusedUntilItIsClosed()
    {
        KernelSession first = _bed.Start();
        string running = _bed.State;

        Assert.Contains("one daemon a network namespace", Assert.Throws<KernelSessionException>(() => _bed.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(running, _bed.State);
        first.Dispose();
        _bed.Open().Dispose();
    }

    private SyncOptions TakeOver() => _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
}
