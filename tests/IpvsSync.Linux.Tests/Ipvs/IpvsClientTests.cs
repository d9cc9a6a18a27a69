using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tests.Netlink;

namespace IpvsSync.Linux.Tests.Ipvs;

public sealed class IpvsClientTests : IDisposable
{
    private readonly FakeKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Open_FamilyMissing_SaysWhatToLoad()
    {
        _kernel.Says(NetlinkBytes.Answer(1, -2));
        IpvsUnavailableException refusal = Assert.Throws<IpvsUnavailableException>(() => IpvsClient.Open(_kernel.Connection));
        Assert.Contains("modprobe ip_vs", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ThisKernel_OpensOrSaysWhatToLoad()
    {
        try
        {
            using var client = IpvsClient.Open();
        }
        catch (IpvsUnavailableException refusal)
        {
            Assert.Contains("modprobe ip_vs", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void StartDaemon_V4_SendsAttributesOfTheSpecification()
    {
        using IpvsClient client = Open();
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        client.StartDaemon(new SyncDaemon
        {
            Role = SyncDaemonRole.Master, Interface = "lo", SyncId = 7, MaxLength = 56, Port = 18848, Ttl = 3,
        });
        Assert.Equal(
            "50000000" + "20000500" + "02000000" + "00000000" + "09010000" + "3C000300"
            + "0800010001000000" + "070002006C6F0000" + "0800030007000000" + "0600040038000000"
            + "08000500E0000051" + "06000700A0490000" + "0500080003000000",
            Convert.ToHexString(_kernel.Heard()));
    }

    [Fact]
    public void StartDaemon_V6WithDefaultLength_SendsGroup6AndNoLength()
    {
        using IpvsClient client = Open();
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        client.StartDaemon(new SyncDaemon { Role = SyncDaemonRole.Backup, Interface = "lo", Group = IPAddress.Parse("ff02::51") });
        Assert.Equal(
            "0800010002000000" + "070002006C6F0000" + "0800030000000000"
            + "14000600FF020000000000000000000000000051" + "0600070090220000" + "0500080001000000",
            Convert.ToHexString(_kernel.Heard()[24..]));
    }

    [Fact]
    public void StartDaemon_UnknownInterface_NamesTheExistingOnes()
    {
        using IpvsClient client = Open();
        _kernel.Says(NetlinkBytes.Answer(2, -19));
        KernelException refusal = Assert.Throws<KernelException>(
            () => client.StartDaemon(new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "nope" }));
        Assert.StartsWith("start the sync master on nope: ENODEV (19), No such device", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("lo", refusal.Message[60..], StringComparison.Ordinal);
    }

    [Fact]
    public void StopDaemon_NoAcknowledgementButGone_Returns() => Assert.Null(StopMasterWithoutAnswer(runsAfterwards: 2));

    [Fact]
    public void StopDaemon_NoAcknowledgementAndStillThere_TimesOut()
    {
        KernelException silence = Assert.IsType<KernelException>(StopMasterWithoutAnswer(runsAfterwards: 1));
        Assert.Equal("stop the sync master", silence.Operation);
        Assert.Equal(Errno.ETIMEDOUT, silence.Errno);
    }

    [Fact]
    public void StopDaemon_NotRunning_IsESRCH()
    {
        using IpvsClient client = Open();
        _kernel.Says(NetlinkBytes.Answer(2, -3));
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => client.StopDaemon(SyncDaemonRole.Backup)).Errno);
    }

    [Fact]
    public void GetDaemons_BothRun_ReadsBoth()
    {
        using IpvsClient client = Open();
        _kernel.Says(Daemon(2, 1)).Says(Daemon(2, 2)).Says(NetlinkBytes.Done(2));
        IReadOnlyList<SyncDaemon> daemons = client.GetDaemons();
        Assert.Equal([SyncDaemonRole.Master, SyncDaemonRole.Backup], daemons.Select(daemon => daemon.Role));
        Assert.Equal(
            new SyncDaemon
            {
                Role = SyncDaemonRole.Master, Interface = "eth0", SyncId = 5, MaxLength = 1472, Port = 8848, Ttl = 1,
            },
            daemons[0]);
        Assert.Equal(
            "sync master on eth0, group 224.0.0.81, port 8848, sync id 5, ttl 1, messages up to 1472 bytes", daemons[0].ToString());
    }

    [Fact]
    public void GetDaemons_AttributeCutShort_IsRefused()
    {
        using IpvsClient client = Open();
        _kernel.Says(Part(2, 9, NetlinkBytes.Attribute(3, NetlinkBytes.Attribute(1, 1, 0))), NetlinkBytes.Done(2));
        Assert.Equal(Errno.EBADMSG, Assert.Throws<KernelException>(client.GetDaemons).Errno);
    }

    [Fact]
    public void GetInfo_Answered_IsReadable()
    {
        using IpvsClient client = Open();
        _kernel.Says(Part(2, 14, [.. NetlinkBytes.Attribute(1, 1, 2, 1, 0), .. NetlinkBytes.Attribute(2, 0, 0x10, 0, 0)]));
        Assert.Equal(new IpvsInfo("1.2.1", 4096), client.GetInfo());
    }

    [Fact]
    public void GetTimeouts_Answered_IsInSeconds()
    {
        using IpvsClient client = Open();
        byte[] tcp = [.. NetlinkBytes.Attribute(4, 0x84, 3, 0, 0), .. NetlinkBytes.Attribute(5, 120, 0, 0, 0)];
        _kernel.Says(Part(2, 12, [.. tcp, .. NetlinkBytes.Attribute(6, 44, 1, 0, 0)]));
        Assert.Equal(new IpvsTimeouts(900, 120, 300), client.GetTimeouts());
    }

    [Fact]
    public void GetServices_AddressAndMark_ReadsBothForms()
    {
        using IpvsClient client = Open();
        byte[] address = NetlinkBytes.Attribute(1,
        [
            .. NetlinkBytes.Attribute(1, 2, 0), .. NetlinkBytes.Attribute(2, 6, 0),
            .. NetlinkBytes.Attribute(3, [192, 0, 2, 10, .. new byte[12]]), .. NetlinkBytes.Attribute(4, 0, 80),
            .. NetlinkBytes.Attribute(6, "rr\0"u8.ToArray()), .. NetlinkBytes.Attribute(7, 3, 0, 0, 0, 255, 255, 255, 255),
            .. NetlinkBytes.Attribute(8, 44, 1, 0, 0), .. NetlinkBytes.Attribute(9, 255, 255, 255, 0),
            .. NetlinkBytes.Attribute(10, [.. NetlinkBytes.Attribute(1, 9, 0, 0, 0), .. NetlinkBytes.Attribute(4, 8, 0, 0, 0, 1, 0, 0, 0)]),
        ]);
        byte[] mark = NetlinkBytes.Attribute(1,
        [
            .. NetlinkBytes.Attribute(1, 10, 0), .. NetlinkBytes.Attribute(5, 7, 0, 0, 0), .. NetlinkBytes.Attribute(6, "wlc\0"u8.ToArray()),
            .. NetlinkBytes.Attribute(9, 64, 0, 0, 0), .. NetlinkBytes.Attribute(12, NetlinkBytes.Attribute(1, 0, 0, 0, 0, 1, 0, 0, 0)),
            .. NetlinkBytes.Attribute(10, NetlinkBytes.Attribute(1, 5, 0, 0, 0)),
        ]);
        _kernel.Says(Part(2, 1, address), Part(2, 1, mark)).Says(NetlinkBytes.Done(2));
        IReadOnlyList<IpvsService> services = client.GetServices();
        Assert.Equal("TCP 192.0.2.10:80 rr", services[0].ToString());
        Assert.True(services[0].IsPersistent);
        Assert.Equal((300u, 24), (services[0].Timeout, services[0].PrefixLength));
        Assert.Equal((9ul, 0x1_0000_0008ul), (services[0].Statistics.Connections, services[0].Statistics.IncomingBytes));
        Assert.Equal("FWM 7 wlc", services[1].ToString());
        Assert.Equal((AddressFamily.InterNetworkV6, 64), (services[1].Family, services[1].PrefixLength));
        Assert.Equal(0x1_0000_0000ul, services[1].Statistics.Connections);
    }

    [Fact]
    public void GetDestinations_OfService_NamesItAndReads()
    {
        using IpvsClient client = Open();
        byte[] destination = NetlinkBytes.Attribute(2,
        [
            .. NetlinkBytes.Attribute(1, [0x20, 1, 0xd, 0xb8, .. new byte[11], 2]), .. NetlinkBytes.Attribute(2, 0x1F, 0x90),
            .. NetlinkBytes.Attribute(3, 2, 0, 0, 0), .. NetlinkBytes.Attribute(4, 5, 0, 0, 0), .. NetlinkBytes.Attribute(7, 1, 0, 0, 0),
            .. NetlinkBytes.Attribute(11, 10, 0),
        ]);
        _kernel.Says(Part(2, 5, destination)).Says(NetlinkBytes.Done(2));
        var service = new IpvsService { Protocol = 6, Address = IPAddress.Parse("192.0.2.10"), Port = 80 };
        IpvsDestination read = Assert.Single(client.GetDestinations(service));
        Assert.Equal("[2001:db8::2]:8080 Tunnel weight 5", read.ToString());
        Assert.Equal(1u, read.ActiveConnections);
        Assert.Equal(
            "30000100" + "0600010002000000" + "0600020006000000" + "14000300C000020A" + new string('0', 24) + "0600040000500000",
            Convert.ToHexString(_kernel.Heard()[20..]));
    }

    [Fact]
    public void GetDestinations_OfMarkService_NamesTheMarkAlone()
    {
        using IpvsClient client = Open();
        _kernel.Says(NetlinkBytes.Done(2));
        Assert.Empty(client.GetDestinations(new IpvsService { FirewallMark = 7 }));
        Assert.Equal("14000100" + "0600010002000000" + "0800050007000000", Convert.ToHexString(_kernel.Heard()[20..]));
    }

    /// <summary>The kernel says nothing to the stop, and shows one role in the dump that follows.</summary>
    private static Exception? StopMasterWithoutAnswer(byte runsAfterwards)
    {
        using var kernel = new FakeKernel(timeoutMilliseconds: 500);
        kernel.Says(NetlinkBytes.FamilyAnswer(1));
        using var client = IpvsClient.Open(kernel.Connection);
        Exception? outcome = null;
        var thread = new Thread(() => outcome = Record.Exception(() => client.StopDaemon(SyncDaemonRole.Master)));
        thread.Start();
        kernel.WaitsFor();
        Assert.Equal("0C000300" + "0800010001000000", Convert.ToHexString(kernel.WaitsFor()[20..]));
        Assert.Equal(11, kernel.WaitsFor()[16]);
        kernel.Says(Daemon(3, runsAfterwards), NetlinkBytes.Done(3));
        thread.Join();
        return outcome;
    }

    private static byte[] Part(uint sequence, byte command, byte[] attributes) =>
        NetlinkBytes.Message(0x20, sequence, [command, 1, 0, 0, .. attributes], 2);

    private static byte[] Daemon(uint sequence, byte role) => Part(sequence, 9, NetlinkBytes.Attribute(3,
    [
        .. NetlinkBytes.Attribute(1, role, 0, 0, 0), .. NetlinkBytes.Attribute(2, "eth0\0"u8.ToArray()),
        .. NetlinkBytes.Attribute(3, 5, 0, 0, 0), .. NetlinkBytes.Attribute(4, 0xC0, 5), .. NetlinkBytes.Attribute(7, 0x90, 0x22),
        .. NetlinkBytes.Attribute(8, 1), .. NetlinkBytes.Attribute(5, 224, 0, 0, 81),
    ]));

    private IpvsClient Open()
    {
        _kernel.Says(NetlinkBytes.FamilyAnswer(1));
        var client = IpvsClient.Open(_kernel.Connection);
        _kernel.Heard();
        return client;
    }
}
