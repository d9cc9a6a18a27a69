using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tests.Netlink;

namespace IpvsSync.Linux.Tests.Ipvs;

public sealed class IpvsConfigurationTests : IDisposable
{
    // AF 2, PROTOCOL 6, ADDR 192.0.2.10 in 16 bytes, PORT 80 in network order.
    private static readonly string _identity =
        "0600010002000000" + "0600020006000000" + "14000300C000020A" + new string('0', 24) + "0600040000500000";

    private static readonly IpvsService _service = new() { Protocol = 6, Address = IPAddress.Parse("192.0.2.10"), Port = 80 };

    private readonly FakeKernel _kernel = new();
    private readonly IpvsClient _client;

    public IpvsConfigurationTests()
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
    public void AddService_V4_SendsAttributesOfTheSpecification()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddService(_service with { Scheduler = "rr", Flags = 5, Timeout = 300, PrefixLength = 24 });
        Assert.Equal(
            "68000000" + "20000500" + "02000000" + "00000000" + "01010000" + "54000100" + _identity
            + "0700060072720000" + "0C00070005000000FFFFFFFF" + "080008002C010000" + "08000900FFFFFF00",
            Heard());
    }

    [Fact]
    public void AddService_OfMarkInV6WithEngine_SendsMarkAndPrefixLengthInHostOrder()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddService(new IpvsService
        {
            Family = AddressFamily.InterNetworkV6, FirewallMark = 7, Scheduler = "wlc", PersistenceEngine = "sip", PrefixLength = 64,
        });
        Assert.Equal(
            "40000100" + "060001000A000000" + "0800050007000000" + "08000600776C6300" + "08000B0073697000"
            + "0C00070000000000FFFFFFFF" + "0800080000000000" + "0800090040000000",
            Heard()[40..]);
    }

    [Theory]
    [InlineData(0, "00000000")]
    [InlineData(1, "80000000")]
    [InlineData(32, "FFFFFFFF")]
    public void AddService_PrefixLength_IsAMaskInNetworkOrder(int prefixLength, string mask)
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddService(_service with { PrefixLength = prefixLength });
        Assert.EndsWith("08000900" + mask, Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddService_AsDumped_DoesNotSayThatItIsInTheTable()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddService(_service with { Flags = 3 });
        Assert.Contains("0C00070001000000FFFFFFFF", Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddService_PrefixLongerThanTheAddress_IsRefusedHere() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _client.AddService(_service with { PrefixLength = 33 }));

    [Fact]
    public void AddService_Exists_NamesItAndEEXIST()
    {
        _kernel.Says(NetlinkBytes.Answer(2, -17));
        KernelException refusal = Assert.Throws<KernelException>(() => _client.AddService(_service with { Scheduler = "rr" }));
        Assert.Equal("add the service TCP 192.0.2.10:80 rr", refusal.Operation);
        Assert.Equal(Errno.EEXIST, refusal.Errno);
    }

    [Fact]
    public void DeleteService_Always_NamesItAndNothingElse()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.DeleteService(_service with { Scheduler = "rr" });
        Assert.Equal("44000000" + "20000500" + "02000000" + "00000000" + "03010000" + "30000100" + _identity, Heard());
    }

    [Fact]
    public void DeleteService_Missing_IsESRCH()
    {
        _kernel.Says(NetlinkBytes.Answer(2, -3));
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => _client.DeleteService(_service)).Errno);
    }

    [Fact]
    public void AddDestination_V4_SendsAttributesOfTheSpecification()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddDestination(_service, new IpvsDestination
        {
            Address = IPAddress.Parse("10.0.0.11"), Port = 8080, ForwardingMethod = 3, Weight = 5,
            UpperThreshold = 100, LowerThreshold = 50,
        });
        Assert.Equal(
            "8C000000" + "20000500" + "02000000" + "00000000" + "05010000" + "30000100" + _identity + "48000200"
            + "140001000A00000B" + new string('0', 24) + "060002001F900000" + "0800030003000000" + "0800040005000000"
            + "0800050064000000" + "0800060032000000" + "06000B0002000000",
            Heard());
    }

    [Fact]
    public void AddDestination_V6ThroughGue_SendsTheTunnel()
    {
        _kernel.Says(NetlinkBytes.Answer(2, 0));
        _client.AddDestination(_service, new IpvsDestination
        {
            Address = IPAddress.Parse("2001:db8::2"), ForwardingMethod = 2, Weight = 1,
            TunnelType = 1, TunnelPort = 6080, TunnelFlags = 1,
        });
        string request = Heard();
        Assert.Contains("1400010020010DB8000000000000000000000002", request, StringComparison.Ordinal);
        Assert.EndsWith("06000B000A000000" + "05000D0001000000" + "06000E0017C00000" + "06000F0001000000", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-3, Errno.ESRCH, "ESRCH")]
    [InlineData(-17, Errno.EEXIST, "EEXIST")]
    [InlineData(-34, Errno.ERANGE, "ERANGE")]
    public void AddDestination_Refused_NamesBothAndTheError(int answer, int errno, string name)
    {
        _kernel.Says(NetlinkBytes.Answer(2, answer));
        var destination = new IpvsDestination { Address = IPAddress.Parse("10.0.0.11"), Port = 8080, Weight = 1 };
        KernelException refusal = Assert.Throws<KernelException>(
            () => _client.AddDestination(_service with { Scheduler = "rr" }, destination));
        Assert.Equal(errno, refusal.Errno);
        Assert.StartsWith($"add the destination {destination} to TCP 192.0.2.10:80 rr: {name} (", refusal.Message, StringComparison.Ordinal);
    }

    private string Heard() => Convert.ToHexString(_kernel.Heard());
}
