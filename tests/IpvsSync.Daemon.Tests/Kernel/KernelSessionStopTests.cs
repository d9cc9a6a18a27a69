using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelSessionStopTests : IDisposable
{
    private static readonly SyncDaemon s_foreign = new() { Role = SyncDaemonRole.Backup, Interface = "eth1", SyncId = 7 };

    private readonly SessionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Restore_AfterStart_LeavesTheKernelAsItWasFound()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start(_bed.Options with { SyncQueueLength = 500, SocketBufferSize = 1 << 20 });
        Assert.NotEqual(found, _bed.State);

        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
        Assert.Equal([100, 100, 101, 101], _bed.Logged);
    }

    [Fact]
    public void Restore_NotStarted_TouchesNothing()
    {
        using KernelSession session = _bed.Open();
        _bed.Kernel.RefuseAll(Errno.EPERM);

        Assert.True(session.Restore());
        Assert.Empty(_bed.Logged);
    }

    [Fact]
    public void Restore_Twice_UndoesOnce()
    {
        using KernelSession session = _bed.Start();
        session.Restore();
        _bed.Set("sync_retries", "1");

        Assert.True(session.Restore());
        Assert.Equal("1", _bed.Get("sync_retries"));
    }

    [Fact]
    public void Restore_SysctlThatOthersChanged_StaysTheirsAndIsLogged()
    {
        using KernelSession session = _bed.Start();
        _bed.Set("sync_threshold", "5 77");

        Assert.True(session.Restore());
        Assert.Equal("5 77", _bed.Get("sync_threshold"));
        Assert.Equal("0", _bed.Get("sync_refresh_period"));
        Assert.Equal(
            "Kernel: sync_threshold is 5 77, changed by somebody else since; not set back to 3 50.",
            Assert.Single(_bed.Log.Collector.GetSnapshot(), record => record.Id.Id == 106).Message);
    }

    [Fact]
    public void Restore_SysctlThatOthersSetBack_IsNoMatter()
    {
        using KernelSession session = _bed.Start();
        _bed.Set("sync_threshold", "3\t50");

        Assert.True(session.Restore());
        Assert.DoesNotContain(106, _bed.Logged);
    }

    [Fact]
    public void Restore_OneSysctlIsRefused_UndoesTheRestAndTheNextStartTriesAgain()
    {
        string found = _bed.State;
        KernelSession session = _bed.Start();
        _bed.Remove("sync_threshold");

        Assert.False(session.Restore());
        session.Dispose();
        Assert.Empty(_bed.Kernel.Daemons);
        Assert.Equal(("1", "0"), (_bed.Get("sync_ports"), _bed.Get("sync_refresh_period")));
        Assert.True(File.Exists(_bed.JournalFile));
        Assert.Contains("sync_threshold", Assert.Single(_bed.Log.Collector.GetSnapshot(), record => record.Id.Id == 108).Message, StringComparison.Ordinal);

        _bed.Set("sync_threshold", "0\t0");
        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
    }

    [Theory]
    [InlineData(IPVS_CMD_DEL_DAEMON)]
    [InlineData(IPVS_CMD_DEL_SERVICE)]
    [InlineData(IPVS_CMD_GET_DAEMON)]
    public void Restore_OneRequestIsRefused_RestoresTheSysctlsAndKeepsTheJournal(byte command)
    {
        string found = _bed.State;
        KernelSession session = _bed.Start();
        _bed.Kernel.Refuse(command, Errno.EPERM);

        Assert.False(session.Restore());
        session.Dispose();
        Assert.Equal(("1", "3 50"), (_bed.Get("sync_ports"), _bed.Get("sync_threshold")));
        Assert.True(File.Exists(_bed.JournalFile));
        _bed.Kernel.AllowAll();
        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Restore_ReplacedDaemonCannotBePutBack_IsFalseAndTheNextStartPutsItBack()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;
        _bed.Options = _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
        KernelSession session = _bed.Start();
        _bed.Kernel.Interfaces.Remove("eth1");

        Assert.False(session.Restore());
        session.Dispose();
        Assert.Empty(_bed.Kernel.Daemons);
        _bed.Kernel.Interfaces["eth1"] = 1500;
        _bed.Open().Dispose();
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Restore_RoleWasTakenByOthers_LeavesTheirDaemonAndPutsNoneBack()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        using KernelSession session = _bed.Start(_bed.Options with { Kernel = new KernelOptions { TakeOver = true } });
        SyncDaemon other = s_foreign with { SyncId = 8, MaxLength = 1472 };
        _bed.Kernel.Others(kernel =>
        {
            kernel.StopDaemon(SyncDaemonRole.Backup);
            kernel.StartDaemon(other);
        });

        Assert.True(session.Restore());
        Assert.Equal(other, Assert.Single(_bed.Kernel.Daemons));
    }

    [Fact]
    public void Restore_StopIsNotAcknowledged_IsDoneWhenTheDaemonsAreGone()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();
        _bed.Kernel.ThreadsAreSlow = true;

        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Restore_PusherServiceIsThere_RemovesItAndNoOther()
    {
        using KernelSession session = _bed.Start();
        IpvsService push = PushInterface.Service(new PushAddresses(_bed.Options.Kernel.PushAddress), isPersistent: true);
        _bed.Kernel.Others(kernel =>
        {
            kernel.AddService(push);
            kernel.AddService(push with { Port = 80 });
        });

        Assert.True(session.Restore());
        Assert.Equal("TCP 192.0.2.1:80 rr, 0 real servers", Assert.Single(_bed.Kernel.Services));
    }

    [Fact]
    public void RestoreApart_WhileAnotherThreadHangs_LeavesTheKernelAsItWasFound()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Start();

        Assert.True(session.RestoreApart());
        Assert.Equal(found, _bed.State);
        Assert.False(File.Exists(_bed.JournalFile));
        Assert.True(session.Restore());
    }

    [Fact]
    public void RestoreApart_KernelRefuses_IsFalseAndKeepsTheJournal()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.RefuseAll(Errno.EPERM);

        Assert.False(session.RestoreApart());
        Assert.True(File.Exists(_bed.JournalFile));
        Assert.Contains(108, _bed.Logged);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(KernelSessionException))]
    [InlineData(typeof(IndexOutOfRangeException))]
    public void Try_StepThatThrows_IsFalseAndLogged(Type kind)
    {
        var undo = new KernelUndo(_bed.Kernel.Connect(), new IpvsSysctls(), _bed.Log);

        Assert.False(undo.Try(() => throw (Exception)Activator.CreateInstance(kind, "read-only file system")!));
        Assert.Contains("read-only file system", Assert.Single(_bed.Log.Collector.GetSnapshot(), record => record.Id.Id == 108).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StopFeed_Session_StopsTheMasterAlone()
    {
        using KernelSession session = _bed.Start();
        session.StopFeed();

        Assert.Equal(SyncDaemonRole.Backup, Assert.Single(_bed.Kernel.Daemons).Role);
        Assert.True(session.Restore());
        Assert.Empty(_bed.Kernel.Daemons);
    }

    [Fact]
    public void StopFeed_SomebodyElsesMaster_GoesOn()
    {
        using KernelSession session = _bed.Start();
        SyncDaemon other = s_foreign with { Role = SyncDaemonRole.Master, MaxLength = 1472 };
        _bed.Kernel.Others(kernel =>
        {
            kernel.StopDaemon(SyncDaemonRole.Master);
            kernel.StartDaemon(other);
        });
        session.StopFeed();

        Assert.Contains(other, _bed.Kernel.Daemons);
    }

    [Fact]
    public void Open_ReplacedDaemonCouldNotBePutBackAndStillCannot_TakesItsRoleOverAgain()
    {
        _bed.Kernel.Others(kernel => kernel.StartDaemon(s_foreign));
        string found = _bed.State;
        _bed.Options = _bed.Options with { Kernel = new KernelOptions { TakeOver = true } };
        KernelSession first = _bed.Start();
        _bed.Kernel.Interfaces.Remove("eth1");
        Assert.False(first.Restore());
        first.Dispose();

        using KernelSession second = _bed.Start(); // systemctl restart, while eth1 is gone
        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        _bed.Kernel.Interfaces["eth1"] = 1500;
        Assert.True(second.Restore());
        Assert.Equal(found, _bed.State);
    }
}
