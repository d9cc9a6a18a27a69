using System.Net;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tests.Netlink;

namespace IpvsSync.Linux.Tests.Ipvs;

/// <summary>What is read from a dump of destinations, attribute by attribute (spec §7.3).</summary>
public sealed class DestinationReadingTests : IDisposable
{
    private static readonly IpvsService s_service = new() { Protocol = 6, Address = IPAddress.Parse("192.0.2.10"), Port = 80 };

    private static readonly byte[] s_address = NetlinkBytes.Attribute(1, [10, 0, 0, 11, .. new byte[12]]);

    private readonly FakeKernel _kernel = new();
    private readonly IpvsClient _client;

    public DestinationReadingTests()
    {
        _kernel.Says(NetlinkBytes.FamilyAnswer(1));
        _client = IpvsClient.Open(_kernel.Connection);
        _kernel.Heard();
    }

    public void Dispose()
    {
        _client.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void GetDestinations_EveryAttribute_HasItsPlace()
    {
        IpvsDestination read = Read(
            s_address, NetlinkBytes.Attribute(2, 0x1F, 0x90), Number(3, 2), Number(4, 5), Number(5, 100), Number(6, 50), Number(7, 11), Number(8, 12),
            Number(9, 13), NetlinkBytes.Attribute(11, 2, 0), NetlinkBytes.Attribute(13, 1), NetlinkBytes.Attribute(14, 0x17, 0xC0), NetlinkBytes.Attribute(15, 1, 0));

        Assert.Equal(
            new IpvsDestination
            {
                Address = IPAddress.Parse("10.0.0.11"), Port = 8080, ForwardingMethod = 2, Weight = 5, UpperThreshold = 100, LowerThreshold = 50,
                ActiveConnections = 11, InactiveConnections = 12, PersistentConnections = 13, TunnelType = 1, TunnelPort = 6080, TunnelFlags = 1,
            },
            read);
    }

    [Fact]
    public void GetDestinations_NoFamily_IsTheServices()
        => Assert.Equal(IPAddress.Parse("10.0.0.11"), Read(s_address).Address);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GetDestinations_BothStatistics_TheWideOnesCount(bool wideFirst)
    {
        byte[] narrow = NetlinkBytes.Attribute(10, Counters(width: 4, first: 1));
        byte[] wide = NetlinkBytes.Attribute(12, Counters(width: 8, first: 0x1_0000_0000));
        IpvsStatistics statistics = Read([s_address, .. wideFirst ? (byte[][])[wide, narrow] : [narrow, wide]]).Statistics;

        Assert.Equal(Expected(0x1_0000_0000), statistics);
    }

    [Fact]
    public void GetDestinations_NarrowStatisticsAlone_AreRead()
        => Assert.Equal(Expected(1), Read(s_address, NetlinkBytes.Attribute(10, Counters(width: 4, first: 1))).Statistics);

    [Theory]
    [InlineData(0, "Masq")]
    [InlineData(1, "Local")]
    [InlineData(2, "Tunnel")]
    [InlineData(3, "Route")]
    [InlineData(4, "Bypass")]
    public void ToString_ForwardingMethod_IsIpvsadmsName(uint method, string name)
        => Assert.Equal($"10.0.0.11:80 {name} weight 1", new IpvsDestination { Address = IPAddress.Parse("10.0.0.11"), Port = 80, ForwardingMethod = method, Weight = 1 }.ToString());

    [Theory]
    [InlineData(6, "TCP 192.0.2.10:80 rr")]
    [InlineData(17, "UDP 192.0.2.10:80 rr")]
    [InlineData(132, "SCTP 192.0.2.10:80 rr")]
    [InlineData(50, "IP_50 192.0.2.10:80 rr")]
    public void ToString_Service_HasItsProtocolsName(ushort protocol, string expected)
        => Assert.Equal(expected, (s_service with { Protocol = protocol, Scheduler = "rr" }).ToString());

    [Fact]
    public void Open_KernelWithoutIpvs_SaysWhatToLoad()
    {
        if (File.Exists("/proc/thread-self/net/ip_vs_conn"))
            Assert.Skip("This kernel has IPVS.");

        Assert.Contains("modprobe ip_vs", Assert.Throws<IpvsUnavailableException>(() => IpvsConnectionReader.Open(withOrigin: false)).Message, StringComparison.Ordinal);
    }

    private static byte[] Number(ushort type, uint value) => NetlinkBytes.Attribute(type, BitConverter.GetBytes(value));

    /// <summary>The ten counters in the kernel's order, each one more than the one before.</summary>
    private static byte[] Counters(int width, ulong first)
        => [.. Enumerable.Range(1, 10).SelectMany(type => NetlinkBytes.Attribute((ushort)type, BitConverter.GetBytes(first + (ulong)type)[..width]))];

    private static IpvsStatistics Expected(ulong first) => new()
    {
        Connections = first + 1, IncomingPackets = first + 2, OutgoingPackets = first + 3, IncomingBytes = first + 4, OutgoingBytes = first + 5,
        ConnectionRate = first + 6, IncomingPacketRate = first + 7, OutgoingPacketRate = first + 8, IncomingByteRate = first + 9, OutgoingByteRate = first + 10,
    };

    private IpvsDestination Read(params byte[][] attributes)
    {
        byte[] destination = NetlinkBytes.Attribute(2, [.. attributes.SelectMany(attribute => attribute)]);
        _kernel.Says(NetlinkBytes.Message(0x20, 2, [5, 1, 0, 0, .. destination], 2)).Says(NetlinkBytes.Done(2));
        return Assert.Single(_client.GetDestinations(s_service));
    }
}
