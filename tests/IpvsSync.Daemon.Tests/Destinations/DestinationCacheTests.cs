using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Destinations;

public sealed class DestinationCacheTests
{
    private static readonly ExpiryRules _dropping = new(DropsWithServer: true, DropsQuiescedTemplates: false);

    private readonly DestinationCache _cache = new();

    [Fact]
    public void Update_ServerIsNew_IsKnownAtOnce()
    {
        Assert.True(Update(Service(80, 1)));
        Assert.True(Update(Service(80, 1, 2)));
        Assert.Equal((true, true), (Knows(80, 1), Knows(80, 2)));
        Assert.False(_cache.IsDue(second: 1));
    }

    [Fact]
    public void Update_ServerIsMissingOnce_IsKeptAndAskedForAgain()
    {
        Update(Service(80, 1, 2), Service(81, 1));
        Assert.False(Update(Service(80, 1)));
        Assert.Equal((true, true), (Knows(80, 2), Knows(81, 1)));
        Assert.True(_cache.IsDue(second: 1));

        Assert.False(Update(Service(80, 1, 2), Service(81, 1)));
        Assert.False(_cache.IsDue(second: 1));
        Assert.Equal((true, true), (Knows(80, 2), Knows(81, 1)));
    }

    [Fact]
    public void Update_ServerIsMissingTwice_IsGone()
    {
        Update(Service(80, 1, 2), Service(81, 1));
        Update(Service(80, 1));
        Assert.True(Update(Service(80, 1)));
        Assert.Equal((true, false, false), (Knows(80, 1), Knows(80, 2), Knows(81, 1)));
        Assert.False(_cache.IsDue(second: 1));
    }

    [Fact]
    public void Update_MethodChanges_IsTheNewOneAtOnce()
    {
        Update(Service(80, 1));
        Assert.True(_cache.Update(new DestinationSnapshot([(Name(80), [Server(1) with { ForwardingMethod = 3 }])]), KernelTimeouts.Default));
        Assert.True(_cache.TryFind(Entry(80, 1), out ConnectionFlags method));
        Assert.Equal(ConnectionFlags.IP_VS_CONN_F_DROUTE, method);
    }

    [Fact]
    public void TakeLost_ServerIsGoneWhereConnectionsEndWithIt_NamesItOnce()
    {
        Update(_dropping, Service(80, 1, 2), Service(81, 1));
        Assert.False(_cache.TakeLost().Include(Entry(80, 2)));
        Update(_dropping, Service(80, 1));
        Assert.False(_cache.TakeLost().Include(Entry(80, 2)));
        Update(_dropping, Service(80, 1));
        LostServers lost = _cache.TakeLost();
        Assert.Equal((false, true, true), (lost.Include(Entry(80, 1)), lost.Include(Entry(80, 2)), lost.Include(Entry(81, 1))));
        Assert.False(_cache.TakeLost().Include(Entry(80, 2)));
    }

    [Fact]
    public void TakeLost_ServerIsBackBeforeAnybodyAsked_NamesItAllTheSame()
    {
        Update(_dropping, Service(80, 1, 2));
        for (int reading = 0; reading < 2; reading++)
            Update(_dropping, Service(80, 1));
        Update(_dropping, Service(80, 1, 2));
        Assert.True(_cache.TakeLost().Include(Entry(80, 2)));
    }

    [Fact]
    public void TakeLost_KernelKeepsTheConnections_NamesNone()
    {
        Update(Service(80, 1, 2));
        for (int reading = 0; reading < 2; reading++)
            Update(Service(80, 1));
        Assert.False(_cache.TakeLost().Include(Entry(80, 2)));
    }

    [Fact]
    public void IsDue_ConnectionsEndWithTheirServer_IsEverySecond()
    {
        Update(_dropping, Service(80, 1));
        Assert.True(_cache.IsDue(second: 1));
        Update(_dropping, [.. Enumerable.Range(1, DestinationCache.MostServicesEachSecond + 1).Select(port => Service((ushort)port, 1))]);
        Assert.False(_cache.IsDue(second: 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsOver_ServerIsGoneOrQuiesced_AsTheKernelsSettingSays(bool dropsQuiesced)
    {
        ExpiryRules rules = new(DropsWithServer: false, dropsQuiesced);
        _cache.Update(new DestinationSnapshot([(Name(80), [Server(1), Server(2) with { Weight = 0 }])]), KernelTimeouts.Default, rules);
        Assert.Equal((false, dropsQuiesced, true), (IsOver(1), IsOver(2), IsOver(3)));

        bool IsOver(int server) => _cache.IsOver(Entry(80, server), heardMs: 0);
    }

    /// <summary>Its server may have been added with it: only a reading that began later shows that it is not there.</summary>
    [Fact]
    public void IsOver_TemplateIsHeardSinceTheServersWereRead_NotYet()
    {
        _cache.Update(new DestinationSnapshot([Service(80, 1)]), KernelTimeouts.Default, readMs: 1000);
        Assert.Equal((true, false), (_cache.IsOver(Entry(80, 2), heardMs: 1000), _cache.IsOver(Entry(80, 2), heardMs: 1001)));
        _cache.Update(new DestinationSnapshot([Service(80, 1)]), KernelTimeouts.Default, readMs: 2000);
        Assert.True(_cache.IsOver(Entry(80, 2), heardMs: 1001));
    }

    private static ServiceName Name(ushort port) => new(IpFamily.IPv4, 0, IpProtocol.Tcp, Address.From(IPAddress.Parse("203.0.113.10")), port);

    private static IpvsDestination Server(int number) => new() { Address = IPAddress.Parse($"10.0.0.{number}"), Port = 80, Weight = 1 };

    private static (ServiceName Service, IReadOnlyList<IpvsDestination> Servers) Service(ushort port, params int[] servers) => (Name(port), [.. servers.Select(Server)]);

    private static ConnectionEntry Entry(ushort port, int server)
    {
        ConnectionEntry entry = Entries.Tcp(1);
        return entry with { Key = entry.Key with { VirtualPort = port }, Real = Address.From(Server(server).Address), RealPort = 80 };
    }

    private bool Knows(ushort port, int server) => _cache.Snapshot.TryFind(Entry(port, server), out _);

    private bool Update(params (ServiceName, IReadOnlyList<IpvsDestination>)[] services) => _cache.Update(new DestinationSnapshot(services), KernelTimeouts.Default);

    private bool Update(ExpiryRules rules, params (ServiceName, IReadOnlyList<IpvsDestination>)[] services)
        => _cache.Update(new DestinationSnapshot(services), KernelTimeouts.Default, rules);
}
