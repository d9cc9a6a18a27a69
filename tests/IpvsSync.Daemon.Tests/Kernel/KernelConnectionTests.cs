using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelConnectionTests
{
    [Fact]
    public void TryMap_Connection_IsTheTablesEntryWithoutWhatIsNotListed()
    {
        Assert.True(KernelConnection.TryMap(KernelLines.Of(Entries.Tcp(5)), out KernelConnection connection));

        Assert.Equal(Entries.Tcp(5) with { Timeout = 0 }, connection.Entry);
        Assert.Equal((IpvsOrigin.Local, 60u), (connection.Origin, connection.ExpiresSeconds));
    }

    [Theory]
    [InlineData(IpProtocol.Tcp)]
    [InlineData(IpProtocol.Udp)]
    [InlineData(IpProtocol.Sctp)]
    [InlineData(IpProtocol.Ah)]
    [InlineData(IpProtocol.Esp)]
    public void TryMap_StateName_IsItsNumber(byte protocol)
    {
        for (ushort state = 0; state < ConnectionState.StateCount(protocol); state++)
        {
            IpvsConnection line = KernelLines.Of(Entries.Tcp(1)) with { Protocol = protocol, State = ConnectionState.Name(protocol, state, isTemplate: false) };
            Assert.True(KernelConnection.TryMap(line, out KernelConnection connection));
            Assert.Equal((state, protocol, false), (connection.Entry.State, connection.Entry.Key.Protocol, connection.Entry.Key.IsTemplate));
        }
    }

    [Theory]
    [InlineData("NONE", 0)]
    [InlineData("ASSURED", 1)]
    public void TryMap_Template_IsRecognisedByPortAndState(string name, int state)
    {
        Assert.True(KernelConnection.TryMap(KernelLines.Of(Entries.Tcp(1)) with { ClientPort = 0, State = name }, out KernelConnection connection));

        Assert.True(connection.Entry.Key.IsTemplate);
        Assert.Equal((state, ConnectionFlags.IP_VS_CONN_F_TEMPLATE), (connection.Entry.State, connection.Entry.Flags));
    }

    [Fact]
    public void TryMap_TemplateOfAMark_HasProtocol0()
    {
        IpvsConnection line = KernelLines.Of(Entries.Tcp(1)) with { Protocol = 0, ClientPort = 0, VirtualPort = 0, Virtual = new(7, false), State = "NONE" };

        Assert.True(KernelConnection.TryMap(line, out KernelConnection connection));
        Assert.Equal("IP 198.51.100.0:0 -> fwmark 7 (template)", connection.Entry.Key.ToString());
    }

    [Fact]
    public void TryMap_ClientPortNotKnownYet_IsNoTemplate()
    {
        Assert.True(KernelConnection.TryMap(KernelLines.Of(Entries.Tcp(1)) with { ClientPort = 0, State = "LISTEN" }, out KernelConnection connection));

        Assert.False(connection.Entry.Key.IsTemplate);
    }

    [Fact]
    public void TryMap_IPv6_KeepsAddresses()
    {
        var address = new IpvsAddress(new UInt128(0x20010DB8_00000000, 0x0B), IsIPv6: true);
        IpvsConnection line = KernelLines.Of(Entries.Tcp(1)) with { Client = address, Virtual = address, Real = address };

        Assert.True(KernelConnection.TryMap(line, out KernelConnection connection));
        Assert.Equal("2001:db8::b", connection.Entry.Real.ToString(IpFamily.IPv6));
        Assert.Equal("TCP [2001:db8::b]:2 -> [2001:db8::b]:80", connection.Entry.Key.ToString());
    }

    [Fact]
    public void TryMap_ConnectionThatNoMessageCarries_IsFalse()
    {
        IpvsConnection line = KernelLines.Of(Entries.Tcp(1));

        Assert.False(KernelConnection.TryMap(line with { State = "ERR!" }, out _));
        Assert.False(KernelConnection.TryMap(line with { State = "UDP" }, out _));
        Assert.False(KernelConnection.TryMap(line with { Protocol = 1 }, out _));
        Assert.False(KernelConnection.TryMap(line with { Real = new IpvsAddress(1, IsIPv6: true) }, out _));
    }
}
