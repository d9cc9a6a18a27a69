using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>What a running session asks the kernel, second by second.</summary>
public sealed class KernelSessionWatchTests : IDisposable
{
    private readonly SessionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void CheckDaemons_OursRun_IsContent()
    {
        using KernelSession session = _bed.Start();
        session.CheckDaemons();
    }

    [Theory]
    [InlineData(SyncDaemonRole.Master, "sync master on lo, group 224.0.0.81, port 18848")]
    [InlineData(SyncDaemonRole.Backup, "sync backup on lo, group 224.0.0.81, port 28848")]
    public void CheckDaemons_SomebodyStoppedOne_ThrowsAndNamesIt(SyncDaemonRole role, string daemon)
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Others(kernel => kernel.StopDaemon(role));

        Assert.Contains(daemon, Assert.Throws<KernelSessionException>(session.CheckDaemons).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eth1", "224.0.0.81", 18848)]
    [InlineData("lo", "224.0.0.82", 18848)]
    [InlineData("lo", "224.0.0.81", 8848)]
    public void CheckDaemons_SomebodyReplacedOne_Throws(string name, string group, int port)
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Others(kernel =>
        {
            kernel.StopDaemon(SyncDaemonRole.Master);
            kernel.StartDaemon(new SyncDaemon { Role = SyncDaemonRole.Master, Interface = name, Group = IPAddress.Parse(group), Port = (ushort)port });
        });

        Assert.Throws<KernelSessionException>(session.CheckDaemons);
    }

    [Fact]
    public void CheckDaemons_KernelDoesNotAnswer_ConcludesNothing()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.IsSilent = true;
        session.CheckDaemons();
        _bed.Kernel.Others(kernel => kernel.StopDaemon(SyncDaemonRole.Master));
        session.CheckDaemons();
        _bed.Kernel.IsSilent = false;

        Assert.Throws<KernelSessionException>(session.CheckDaemons);
    }

    [Fact]
    public void CheckDaemons_ListWasInterrupted_IsReadAgain()
    {
        using KernelSession session = _bed.Start();
        _bed.Kernel.Interruptions = 3;
        session.CheckDaemons();

        Assert.Equal(0, _bed.Kernel.Interruptions);
    }

    [Fact]
    public void CheckDaemons_AfterRestore_ExpectsNone()
    {
        using KernelSession session = _bed.Start();
        session.Restore();
        session.CheckDaemons();
    }

    [Fact]
    public void TryReadDestinations_ServicesAndTimeouts_AreThoseOfTheKernel()
    {
        _bed.Kernel.Timeouts = new IpvsTimeouts(100, 20, 30);
        _bed.Kernel.Others(kernel => AddServices(kernel, count: 5));
        using KernelSession session = _bed.Open();

        Assert.True(session.TryReadDestinations(out DestinationSnapshot? snapshot, out KernelTimeouts? timeouts, out _));
        Assert.Equal((100u, 20u, 30u), (timeouts.Tcp, timeouts.TcpFin, timeouts.Udp));
        for (ushort port = 80; port < 85; port++)
        {
            ConnectionEntry entry = Entries.Tcp(1) with { Key = Entries.Tcp(1).Key with { VirtualPort = port } };
            Assert.True(snapshot.TryFind(entry, out ConnectionFlags method));
            Assert.Equal(ConnectionFlags.IP_VS_CONN_F_DROUTE, method);
            Assert.False(snapshot.TryFind(entry with { RealPort = 1 }, out _));
        }
    }

    [Fact]
    public void TryReadDestinations_KernelDoesNotAnswerOrChangesAllTheTime_IsFalse()
    {
        _bed.Kernel.Others(kernel => AddServices(kernel, count: 1));
        using KernelSession session = _bed.Open();
        _bed.Kernel.Interruptions = 5;

        Assert.False(session.TryReadDestinations(out _, out _, out _));
        Assert.True(session.TryReadDestinations(out _, out _, out _));
        _bed.Kernel.IsSilent = true;
        Assert.False(session.TryReadDestinations(out _, out _, out _));
    }

    [Theory]
    [InlineData(4096u, 4096)]
    [InlineData(uint.MaxValue, int.MaxValue)]
    public void ReadTableSize_Kernel_IsItsTablesSize(uint size, int expected)
    {
        _bed.Kernel.TableSize = size;
        using KernelSession session = _bed.Open();

        Assert.Equal(expected, session.ReadTableSize());
    }

    [Fact]
    public void ReadTableSize_Refused_Is0()
    {
        using KernelSession session = _bed.Open();
        _bed.Kernel.Refuse(IPVS_CMD_GET_INFO, Errno.EPERM);

        Assert.Equal(0, session.ReadTableSize());
    }

    /// <summary>Services on ports from 80, with two real servers each.</summary>
    private static void AddServices(IpvsClient kernel, int count)
    {
        for (ushort port = 80; port < 80 + count; port++)
        {
            var service = new IpvsService { Protocol = IpProtocol.Tcp, Address = IPAddress.Parse("203.0.113.10"), Port = port, PrefixLength = 32 };
            kernel.AddService(service);
            foreach (string server in new[] { "10.0.0.11", "10.0.0.12" })
                kernel.AddDestination(service, new IpvsDestination { Address = IPAddress.Parse(server), Port = 8080, ForwardingMethod = 3, Weight = 1 });
        }
    }
}
