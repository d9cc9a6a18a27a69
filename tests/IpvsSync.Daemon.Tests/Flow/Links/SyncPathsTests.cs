using System.Net;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Links;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class SyncPathsTests
{
    private static readonly Dictionary<string, IReadOnlyList<IPNetwork>> s_networks = new()
    {
        ["eth1"] = [IPNetwork.Parse("10.99.0.0/24"), IPNetwork.Parse("fd00:1::/64")],
        ["eth2"] = [IPNetwork.Parse("10.98.0.0/24"), IPNetwork.Parse("10.99.0.128/25")],
    };

    [Fact]
    public void Of_GroupAndSeveralInterfaces_TakesEachOfThem()
        => Assert.Equal(["the group on eth1", "the group on eth2"], Texts(new SyncOptions { Interface = ["eth1", "eth2"] }));

    [Theory]
    [InlineData("10.99.0.2", "eth1")]
    [InlineData("10.98.0.2", "eth2")]
    [InlineData("10.99.0.130", "eth2")]
    [InlineData("fd00:1::2", "eth1")]
    [InlineData("192.0.2.1", "eth1")]
    public void Of_Peer_TakesTheInterfaceInItsNetworkOrTheFirst(string peer, string expected)
        => Assert.Equal([$"{peer} on {expected}"], Texts(new SyncOptions { Interface = ["eth1", "eth2"], Group = null, Peers = [To(peer)] }));

    [Fact]
    public void Of_OneInterface_AsksForNoNetwork()
    {
        SyncOptions options = new() { Interface = "eth9", Peers = [To("192.0.2.1")] };

        Assert.Equal(["the group on eth9", "192.0.2.1 on eth9"], SyncPaths.Of(options, _ => throw new InvalidOperationException()).Select(path => path.ToString()));
    }

    [Fact]
    public void Of_PeerWithAScope_TakesThatInterface()
    {
        PeerAddress peer = To($"fe80::2%{NetworkInterfaces.IndexOf("lo")}");
        SyncPath path = Assert.Single(SyncPaths.Of(new SyncOptions { Interface = ["eth8", "lo"], Group = null, Peers = [peer] }, _ => [IPNetwork.Parse("fe80::/64")]));
        Assert.Equal("lo", path.Interface);
    }

    private static PeerAddress To(string peer) => new(IPAddress.Parse(peer), 0);

    private static IEnumerable<string> Texts(SyncOptions options) => SyncPaths.Of(options, name => s_networks[name]).Select(path => path.ToString());
}
