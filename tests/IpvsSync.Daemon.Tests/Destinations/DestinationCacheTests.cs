using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Destinations;

public sealed class DestinationCacheTests
{
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

    private static ServiceName Name(ushort port) => new(IpFamily.IPv4, 0, IpProtocol.Tcp, Address.From(IPAddress.Parse("203.0.113.10")), port);

    private static IpvsDestination Server(int number) => new() { Address = IPAddress.Parse($"10.0.0.{number}"), Port = 80 };

    private static (ServiceName Service, IReadOnlyList<IpvsDestination> Servers) Service(ushort port, params int[] servers) => (Name(port), [.. servers.Select(Server)]);

    private static ConnectionEntry Entry(ushort port, int server)
    {
        ConnectionEntry entry = Entries.Tcp(1);
        return entry with { Key = entry.Key with { VirtualPort = port }, Real = Address.From(Server(server).Address), RealPort = 80 };
    }

    private bool Knows(ushort port, int server) => _cache.Snapshot.TryFind(Entry(port, server), out _);

    private bool Update(params (ServiceName, IReadOnlyList<IpvsDestination>)[] services) => _cache.Update(new DestinationSnapshot(services), KernelTimeouts.Default);
}
