using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Tests.Wires;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Directors that send to each other one by one, without a group.</summary>
[Collection(Alone.Name)]
public sealed class UnicastTests : IDisposable
{
    private const int Connections = 5000;

    private readonly Cluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 0.2)]
    [InlineData(3, 0.05)]
    [InlineData(8, 0)]
    public void Feed_NoGroup_EveryPeerHasEverything(int directors, double loss)
    {
        PairedDirector[] all = [.. Enumerable.Range(1, directors).Select(number => Start(number, directors))];
        _cluster.Network.Faults = new NetworkFaults(Loss: loss);
        all[0].FeedNumbers(Enumerable.Range(0, Connections));

        Assert.All(all[1..], other => DirectorPair.AwaitEqual(all[0], other));
    }

    [Fact]
    public void Start_NoGroup_LearnsEverything()
    {
        PairedDirector teacher = Start(1, 2);
        Until.True(() => teacher.Director.Resync.IsOpen);
        teacher.FeedNumbers(Enumerable.Range(0, Connections));

        PairedDirector learner = Start(2, 2);

        Until.True(() => learner.Director.Resync.IsOpen);
        Assert.Equal(ResyncOutcome.Full, learner.Director.Resync.Outcome);
        Assert.Equal(Connections, learner.Director.Table.Peers);
    }

    [Fact]
    public void Receive_FromAStranger_IsRefusedAndCounted()
    {
        PairedDirector ours = _cluster.Start(1, options => WithPeers(options, 1, 2));
        PairedDirector stranger = _cluster.Start(3, options => WithPeers(options, 3, 2));
        stranger.FeedNumbers(Enumerable.Range(0, 100));

        Until.True(() => ours.Metrics.Received.Refused(TableRefusal.UnknownSource) > 0);
        Assert.Equal(0, ours.Director.Table.Count);
        Assert.Empty(ours.Director.PeerAccounts);
    }

    [Fact]
    public void Feed_GroupAndPeers_ReachesBothAndCountsNothingTwice()
    {
        PairedDirector first = _cluster.Start(1, options => WithPeers(options, 1, 2) with { Group = options.Group });
        PairedDirector second = _cluster.Start(2, options => WithPeers(options, 2, 2) with { Group = options.Group });
        first.FeedNumbers(Enumerable.Range(0, Connections));

        DirectorPair.AwaitEqual(first, second);
        PeerAccount peer = Assert.Single(second.Director.PeerAccounts);
        Assert.Equal(0, peer.Numbers!.Counts.Lost);
    }

    private PairedDirector Start(int number, int directors) => _cluster.Start(number, options => WithPeers(options, number, directors));

    /// <summary>All the others are its peers.</summary>
    private static SyncOptions WithPeers(SyncOptions options, int number, int directors) => options with
    {
        Group = null,
        Peers = [.. Enumerable.Range(1, directors).Where(other => other != number).Select(other => new PeerAddress(IPAddress.Parse($"192.0.2.{other}"), 0))],
    };
}
