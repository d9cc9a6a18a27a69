using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Tests.Wires;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Two directors whose sync network has two links.</summary>
[Collection(Alone.Name)]
public sealed class TwoLinksTests : IDisposable
{
    private const int Connections = 20_000;

    private readonly Cluster _cluster = new();
    private readonly PairedDirector _a;
    private readonly PairedDirector _b;

    public TwoLinksTests()
    {
        _a = Start(1);
        _b = Start(2);
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Feed_BothLinks_OnePeerWithAnAddressOnEach()
    {
        _a.FeedNumbers(Enumerable.Range(0, Connections));
        DirectorPair.AwaitEqual(_a, _b);

        PeerAccount peer = Assert.Single(_b.Director.PeerAccounts);
        Assert.Equal("192.0.2.1", peer.Peer.Name);
        Until.True(() => Links(_b).Count == 2);
        Assert.Equal(["192.0.2.1", "192.1.2.1"], Links(_b).Select(link => link.Source.ToString()));
        Assert.Equal(Connections, _b.Director.Table.Peers);
        // On each lane, the first message comes a second time before the second link is known.
        Assert.InRange(Assert.Single(_b.Director.PeerAccounts).Numbers!.Counts.Duplicates, 0, _b.Director.Options.SyncPorts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Feed_OneLinkIsCut_NothingIsMissingOrAskedFor(int cut)
    {
        _a.FeedNumbers(Enumerable.Range(0, 1000));
        DirectorPair.AwaitEqual(_a, _b);
        _cluster.Network.CutLinks.Add(cut);
        _a.FeedNumbers(Enumerable.Range(1000, Connections));

        DirectorPair.AwaitEqual(_a, _b);
        Assert.Equal(0, Assert.Single(_b.Director.PeerAccounts).Numbers!.Counts.Lost);
        Until.True(() => Assert.Single(_b.Director.PeerAccounts).Numbers!.Latest.Links.Any(link => link.Link == 1 - cut));
    }

    [Fact]
    public void Feed_BothAreCutAndCome_EverythingArrives()
    {
        _cluster.Network.CutLinks.UnionWith([0, 1]);
        _a.FeedNumbers(Enumerable.Range(0, Connections));
        _cluster.Network.CutLinks.Clear();

        DirectorPair.AwaitEqual(_a, _b);
    }

    [Fact]
    public void Feed_EachLinkLosesAFifth_FewMessagesAreAskedFor()
    {
        // A link is not waited for when its thread gets no processor for 200 ms.
        using var cluster = new Cluster(new SlowTime(factor: 10));
        (PairedDirector a, PairedDirector b) = (Start(cluster, 1), Start(cluster, 2));
        cluster.Network.LinkFaults[0] = new NetworkFaults(Loss: 0.2);
        cluster.Network.LinkFaults[1] = new NetworkFaults(Loss: 0.2);
        for (int part = 0; part < 20; part++)
            a.FeedNumbers(Enumerable.Range(part * Connections, Connections));

        DirectorPair.AwaitEqual(a, b);
        NumbersAccount numbers = Assert.Single(b.Director.PeerAccounts).Numbers!;
        long left = numbers.Latest.Links.Max(link => link.Left);
        Assert.InRange(numbers.Counts.Lost, 1, left / 20);
        Assert.All(numbers.Latest.Links, link => Assert.InRange(link.Lost, left / 10, left * 3 / 10));
    }

    [Fact]
    public void Start_TwoLinks_LearnsEverythingOnce()
    {
        _a.FeedNumbers(Enumerable.Range(0, Connections));
        PairedDirector learner = Start(3);

        Until.True(() => learner.Director.Resync.IsOpen);
        Assert.Equal(ResyncOutcome.Full, learner.Director.Resync.Outcome);
        Assert.Equal(Connections, learner.Director.Table.Count);
        Until.True(() => learner.Director.PeerAccounts.SingleOrDefault(peer => peer.Peer.Name == "192.0.2.1")?.Numbers is { Counts.Lost: 0 });
    }

    [Fact]
    public void Interface_OfSeveralGoesAway_DirectorGoesOnSending()
    {
        ((MemoryHost)_a.Host).Links[0].Become(null);
        Until.True(() => _a.Director.Network.Fault == "lo absent");
        _a.FeedNumbers(Enumerable.Range(0, 1000));

        DirectorPair.AwaitEqual(_a, _b);
        Assert.True(_a.Director.Network.CarriesMessages);
    }

    /// <summary>Alerts join what is told of a peer by its name.</summary>
    [Fact]
    public void Metrics_OfAPeerOnTwoLinks_HaveItsOneName()
    {
        new DirectorGauges(_b.Director, _b.Metrics, TimeProvider.System).Register();
        _a.FeedNumbers(Enumerable.Range(0, 1000));
        Until.True(() => Links(_b).Count == 2);
        using MetricCollector<double> silence = new(_b.Metrics.Meter, "ipvs_sync.peer_silence");
        silence.RecordObservableInstruments();

        Assert.Equal("192.0.2.1", Assert.Single(silence.GetMeasurementSnapshot()).Tags["peer"]);
    }

    private static IReadOnlyList<LinkAccount> Links(PairedDirector director) => Assert.Single(director.Director.PeerAccounts).Numbers!.Latest.Links;

    private PairedDirector Start(int number) => Start(_cluster, number);

    private static PairedDirector Start(Cluster cluster, int number) => cluster.Start(number, options => options with { Interface = ["lo", "lo2"] });
}
