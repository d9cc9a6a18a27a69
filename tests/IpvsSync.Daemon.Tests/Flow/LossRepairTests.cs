using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What two directors make of a network that loses, doubles and reorders single datagrams, in both directions.</summary>
[Collection(Alone.Name)]
public sealed class LossRepairTests
{
    private const int Connections = 20_000;

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Feed_LossyNetwork_EveryConnectionArrives(double loss)
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.Network!.Faults = new NetworkFaults(Loss: loss);
        pair.A.FeedNumbers(Enumerable.Range(0, Connections));

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(Connections, pair.B.Director.Table.Count);
    }

    [Fact]
    public void Feed_DoubledAndReorderedDatagrams_EveryConnectionArrivesAndNothingIsAskedFor()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.Network!.Faults = new NetworkFaults(Duplication: 0.05, Delay: TimeSpan.FromMilliseconds(1), Jitter: TimeSpan.FromMilliseconds(3));
        pair.A.FeedNumbers(Enumerable.Range(0, Connections));

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(Connections, pair.B.Director.Table.Count);
    }

    [Fact]
    public void Feed_WithoutExtensions_LostConnectionsStayLost()
    {
        using var pair = new DirectorPair(WireKind.Memory, options => options with { Extensions = false });
        pair.Network!.Faults = new NetworkFaults(Loss: 0.2);
        pair.A.FeedNumbers(Enumerable.Range(0, Connections));

        Until.True(() => pair.A.Director.Senders.All(sender => sender.Waiting == 0) && pair.B.Director.Table.Count > 0);
        Assert.InRange(pair.B.Director.Table.Count, 1, Connections - 1);
    }

    [Fact]
    public void Silence_OfTheWholeNetwork_IsMadeGoodAfterwards()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.A.FeedNumbers(Enumerable.Range(0, 1000));
        DirectorPair.AwaitEqual(pair.A, pair.B);
        pair.Network!.Faults = new NetworkFaults(Loss: 1);
        pair.A.FeedNumbers(Enumerable.Range(1000, Connections));
        pair.Network.Faults = NetworkFaults.None;

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(Connections + 1000, pair.B.Director.Table.Count);
    }

    [Fact]
    public void ChangeRole_UnderLoss_NumbersGoOnAndEverythingArrives()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.Network!.Faults = new NetworkFaults(Loss: 0.2);
        pair.A.FeedNumbers(Enumerable.Range(0, 5000));
        pair.A.Director.ChangeRole(Role.Both);
        pair.B.Director.ChangeRole(Role.Both);
        pair.A.FeedNumbers(Enumerable.Range(5000, 5000));

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(10_000, pair.B.Director.Table.Count);
    }
}
