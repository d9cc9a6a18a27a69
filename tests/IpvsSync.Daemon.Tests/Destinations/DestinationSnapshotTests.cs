using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Tests.Destinations;

/// <summary>The lookup of spec §6.4, and what is said of what is missing.</summary>
public sealed class DestinationSnapshotTests
{
    private const string Virtual = "203.0.113.10";
    private const string Real = "10.0.0.11";

    private readonly List<(ServiceName, IReadOnlyList<IpvsDestination>)> _services = [];

    [Fact]
    public void TryFind_ExactService_GivesItsMethod()
    {
        Add(Tcp(80), (Real, 8080, 3));
        AssertFound(IP_VS_CONN_F_DROUTE, Entries.Tcp(1));
    }

    [Fact]
    public void TryFind_ServerOnOtherPortOrAddress_IsNotFound()
    {
        Add(Tcp(80), (Real, 8081, 0), ("10.0.0.12", 8080, 0));
        AssertMissing("real server 10.0.0.11:8080 of TCP 203.0.113.10:80", Entries.Tcp(1));
    }

    [Fact]
    public void TryFind_NoService_NamesIt() => AssertMissing("service TCP 203.0.113.10:80", Entries.Tcp(1));

    [Fact]
    public void TryFind_OtherFamilyOrProtocol_IsNotFound()
    {
        Add(Tcp(80) with { Protocol = IpProtocol.Udp }, (Real, 8080, 0));
        Add(Tcp(80) with { Family = IpFamily.IPv6 }, (Real, 8080, 0));
        AssertMissing("service TCP 203.0.113.10:80", Entries.Tcp(1));
    }

    [Fact]
    public void TryFind_PortZeroServer_TakesAnyPort()
    {
        Add(Tcp(80), (Real, 0, 1));
        AssertFound(IP_VS_CONN_F_LOCALNODE, Entries.Tcp(1));
    }

    [Fact]
    public void TryFind_PortZeroService_TakesAnyPortOfItsAddress()
    {
        Add(Tcp(0), (Real, 0, 2));
        AssertFound(IP_VS_CONN_F_TUNNEL, Entries.Tcp(1));
        AssertMissing("service TCP 203.0.113.11:80", With(Entries.Tcp(1), key => key with { Virtual = Address.From(IPAddress.Parse("203.0.113.11")) }));
    }

    /// <summary>What was found last is kept.</summary>
    [Fact]
    public void TryFind_ServicesThatShareAServer_HaveItByTheirOwnMethodInAnyOrder()
    {
        Add(Tcp(80), (Real, 8080, 0));
        Add(Tcp(81), (Real, 8080, 3));
        DestinationSnapshot snapshot = Snapshot();
        ConnectionEntry[] entries = [Entries.Tcp(1), With(Entries.Tcp(1), key => key with { VirtualPort = 81 }), Entries.Tcp(2)];
        foreach (ConnectionEntry entry in entries)
        {
            Assert.True(snapshot.TryFind(entry, out ConnectionFlags method));
            Assert.Equal(entry.Key.VirtualPort == 81 ? IP_VS_CONN_F_DROUTE : IP_VS_CONN_F_MASQ, method);
            Assert.False(snapshot.TryFind(entry with { RealPort = 8081 }, out _));
            Assert.False(snapshot.TryFind(With(entry, key => key with { Protocol = IpProtocol.Udp }), out _));
        }
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(1024, true)]
    [InlineData(1023, false)]
    [InlineData(21, true)]
    public void TryFind_FtpService_TakesDataConnections(ushort port, bool isFound)
    {
        Add(Tcp(21), (Real, 8080, 0));
        ConnectionEntry entry = With(Entries.Tcp(1), key => key with { VirtualPort = port });
        Assert.Equal(isFound, Snapshot().TryFind(entry, out _));
        Assert.False(Snapshot().TryFind(With(entry, key => key with { Protocol = IpProtocol.Udp, VirtualPort = 2000 }), out _));
    }

    [Fact]
    public void Listed_ConnectionOfAnyProtocolAndFamily_MayBeOfTheAddressAndOfEveryMark()
    {
        Add(new ServiceName(IpFamily.IPv4, 9, 0, default, 0), (Real, 0, 3));
        Add(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), (Real, 8080, 3));
        Add(new ServiceName(IpFamily.IPv6, 8, 0, default, 0), (Real, 8080, 3));
        Add(Tcp(80), (Real, 8080, 0));

        Assert.Equal([0u, 7, 9], Marks(Entries.Tcp(1)));
        Assert.Equal([7u, 9], Marks(With(Entries.Tcp(1), key => key with { Protocol = IpProtocol.Udp })));
        Assert.Equal([7u, 9], Marks(With(Entries.Tcp(1), key => key with { Protocol = IpProtocol.Sctp })));
        Assert.Equal([8u], Marks(With(Entries.Tcp(1), key => key with { Family = IpFamily.IPv6 })));
        Assert.True(Snapshot().SharesServers);
    }

    [Fact]
    public void Listed_Template_IsOfTheServiceInItsKey()
    {
        Add(new ServiceName(IpFamily.IPv4, 9, 0, default, 0), (Real, 0, 3));
        Add(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), (Real, 0, 3));
        Add(Tcp(80), (Real, 8080, 0));

        Assert.Equal([0u], Marks(With(Entries.Tcp(1), key => key with { IsTemplate = true, ClientPort = 0 })));
        Assert.Equal([9u], Marks(With(Entries.Tcp(1) with { RealPort = 0 }, key => key with
        {
            IsTemplate = true, ClientPort = 0, Protocol = IpProtocol.Ip, Virtual = Address.FromIPv4(9), VirtualPort = 0,
        })));
    }

    [Fact]
    public void SharesServers_OnlyServicesWithAddresses_AreToldApartByThem()
    {
        Add(Tcp(80), (Real, 8080, 0));
        Add(Tcp(81), (Real, 8080, 0));
        Assert.False(Snapshot().SharesServers);
        Add(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), ("10.0.0.12", 0, 3));
        Assert.False(Snapshot().SharesServers);
    }

    [Fact]
    public void TryFind_Mark_GoesBeforeTheAddress()
    {
        Add(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), (Real, 0, 3));
        Add(Tcp(80), (Real, 8080, 0));
        AssertFound(IP_VS_CONN_F_DROUTE, Entries.Tcp(1) with { Fwmark = 7, Flags = IP_VS_CONN_F_DROUTE });
        AssertFound(IP_VS_CONN_F_MASQ, Entries.Tcp(1) with { Fwmark = 8 });
    }

    [Fact]
    public void TryFind_MarkAndNat_PrefersTheEntrysPort()
    {
        Add(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), (Real, 0, 3), (Real, 8080, 0));
        AssertFound(IP_VS_CONN_F_MASQ, Entries.Tcp(1) with { Fwmark = 7 });
        AssertFound(IP_VS_CONN_F_DROUTE, Entries.Tcp(1) with { Fwmark = 7, Flags = IP_VS_CONN_F_DROUTE });
    }

    [Fact]
    public void Missing_Mark_IsNamed()
        => Assert.Equal("service FWM 7", Snapshot().Missing(Entries.Tcp(1) with { Fwmark = 7 }).ToString());

    [Fact]
    public void Says_SameServicesInAnotherOrder_IsTheSame()
    {
        Add(Tcp(80), (Real, 1, 0), (Real, 2, 0));
        DestinationSnapshot first = Snapshot();
        _services.Clear();
        Add(Tcp(80), (Real, 2, 0), (Real, 1, 0));
        Assert.True(first.Matches(Snapshot()));
        _services.Clear();
        Add(Tcp(80), (Real, 2, 0), (Real, 1, 3));
        Assert.False(first.Matches(Snapshot()));
        Assert.False(first.Matches(DestinationSnapshot.Empty));
    }

    [Fact]
    public void Of_Services_AreNamedAsIpvsadmDoes()
    {
        var address = new IpvsService { Protocol = 6, Address = IPAddress.Parse("2001:db8::1"), Port = 80, Family = AddressFamily.InterNetworkV6 };
        Assert.Equal("TCP [2001:db8::1]:80", ServiceName.Of(address).ToString());
        Assert.Equal("FWM 7", ServiceName.Of(new IpvsService { FirewallMark = 7 }).ToString());
        Assert.Equal("FWM 7 IPv6", ServiceName.Of(new IpvsService { FirewallMark = 7, Family = AddressFamily.InterNetworkV6 }).ToString());
    }

    [Fact]
    public void Book_Miss_BringsTheNextRefreshForward()
    {
        var destinations = new DestinationCache();
        Assert.True(destinations.IsDue(1));
        Assert.True(destinations.Update(Filled(), KernelTimeouts.Default));
        Assert.False(destinations.IsDue(1));
        Assert.True(destinations.IsDue(DestinationCache.IntervalSeconds));
        Assert.True(destinations.TryFind(Entries.Tcp(1), out _));
        Assert.False(destinations.IsDue(1));
        Assert.False(destinations.TryFind(Entries.Tcp(1) with { RealPort = 1 }, out _));
        Assert.True(destinations.IsDue(1));
        Assert.False(destinations.Update(Filled(), KernelTimeouts.Default));
    }

    private static ServiceName Tcp(ushort port) => new(IpFamily.IPv4, 0, IpProtocol.Tcp, Address.From(IPAddress.Parse(Virtual)), port);

    private static ConnectionEntry With(in ConnectionEntry entry, Func<ConnectionKey, ConnectionKey> change) => entry with { Key = change(entry.Key) };

    private void Add(ServiceName service, params (string Address, ushort Port, uint Method)[] servers) => _services.Add((service,
        [.. servers.Select(server => new IpvsDestination { Address = IPAddress.Parse(server.Address), Port = server.Port, ForwardingMethod = server.Method })]));

    private DestinationSnapshot Snapshot() => new(_services);

    private DestinationSnapshot Filled()
    {
        _services.Clear();
        Add(Tcp(80), (Real, 8080, 0));
        return Snapshot();
    }

    private void AssertFound(ConnectionFlags method, in ConnectionEntry entry)
    {
        Assert.True(Snapshot().TryFind(entry, out ConnectionFlags found));
        Assert.Equal(method, found);
    }

    private void AssertMissing(string what, in ConnectionEntry entry)
    {
        Assert.False(Snapshot().TryFind(entry, out _));
        Assert.Equal(what, Snapshot().Missing(entry).ToString());
    }

    private IEnumerable<uint> Marks(ConnectionEntry entry) => Snapshot().Listed(entry).Select(server => server.Service.Fwmark);
}
