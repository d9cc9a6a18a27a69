using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What whole directors report of their peers, losses and repair.</summary>
[Collection(Alone.Name)]
public sealed class PeerReportTests
{
    private const int Connections = 5000;

    [Fact]
    public void Status_LossyNetwork_SaysWhatWasLostAndToldAgainOnBothSides()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.Network!.Faults = new NetworkFaults(Loss: 0.2);
        pair.A.FeedNumbers(Enumerable.Range(0, Connections));
        DirectorPair.AwaitEqual(pair.A, pair.B);
        pair.Network.Faults = NetworkFaults.None;
        Until.True(() => Of(pair.B).Peers[0].Numbers is { Missing: 0 });
        (StatusAnswer master, StatusAnswer backup) = (Of(pair.A), Of(pair.B));

        StatusPeer peer = Assert.Single(backup.Peers);
        Assert.Equal(("192.0.2.1", "heard", master.Repair!.Instance), (peer.Peer, peer.State, peer.Instance));
        Assert.InRange(peer.Numbers!.Lost, 1, Connections);
        Assert.InRange(peer.Numbers.Repaired + peer.Numbers.Late, 1, Connections);
        Assert.Equal(0, peer.Numbers.GivenUp);
        Assert.InRange(peer.Numbers.RepairMs!.Value, 1, peer.Numbers.LongestRepairMs!.Value);
        Assert.Equal(peer.Numbers.Lost, peer.Lanes!.Sum(lane => lane.Numbers.Lost));
        Assert.InRange(master.Repair.Lanes.Sum(lane => lane.Asked), 1, long.MaxValue);
        Assert.InRange(master.Repair.Lanes.Sum(lane => lane.RetoldEntries), master.Repair.Lanes.Sum(lane => lane.RetoldMessages), long.MaxValue);
        Assert.InRange(backup.Repair!.Lanes.Sum(lane => lane.NacksSent), 1, long.MaxValue);
    }

    [Fact]
    public void Status_PeerWithoutExtensions_IsNotNumbered()
    {
        using var pair = new DirectorPair(WireKind.Memory, options => options with { Extensions = options.Role == Role.Backup });
        pair.A.FeedNumbers([1]);
        DirectorPair.AwaitEqual(pair.A, pair.B);

        StatusPeer peer = Assert.Single(Of(pair.B).Peers);
        Assert.Equal(("heard", null, null), (peer.State, peer.Instance, peer.Numbers));
        Assert.Null(Of(pair.A).Repair);
    }

    [Fact]
    public void Log_PeerFallsSilentAndSpeaks_SaysSo()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var time = new FakeTimeProvider();
        var log = new FakeLogger<Director>();
        using var network = new MemoryNetwork(TimeProvider.System);
        SyncOptions options = new() { Interface = "sync", Port = 20_000, Kernel = new KernelOptions { Mode = KernelMode.None } };
        IMeterFactory metrics = services.GetRequiredService<IMeterFactory>();
        using var director = new Director(options, new SyncMetrics(metrics), network.AddHost(options, "192.0.2.1"), time, log);
        using var peer = new Director(options, new SyncMetrics(metrics), network.AddHost(options, "192.0.2.2"), time, new FakeLogger<Director>());
        director.Start();
        peer.Start();

        Until.True(() => director.Peers.Snapshots.Count == 1);
        for (int second = 0; second < 5; second++)
            Beat();
        network.Faults = new NetworkFaults(Loss: 1);
        Until.True(() => FallSilent() && Has(230));
        network.Faults = NetworkFaults.None;
        Beat();
        Until.True(() => Has(231));
        Assert.Equal("heard", Of(director).State);
        peer.Stop();
        director.Stop();

        bool Has(int id) => log.Collector.GetSnapshot().Any(record => record.Id.Id == id);

        StatusPeer Of(Director of) => Assert.Single(PeerReport.Of(of.PeerAccounts, time.Milliseconds()));

        // What was on the way when the network went is heard late, and the silence begins anew.
        bool FallSilent()
        {
            if (Of(director).State == "lost")
                return true;
            time.Advance(TimeSpan.FromSeconds(4));
            return false;
        }

        void Beat()
        {
            long before = director.Peers.Snapshots[0].HeardMs;
            time.Advance(TimeSpan.FromSeconds(1));
            Until.True(() => director.Peers.Snapshots[0].HeardMs > before);
        }
    }

    private static StatusAnswer Of(PairedDirector director) => new StatusReport(director.Director, director.Metrics, TimeProvider.System).Make();
}
