using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Tests.Wires;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What two directors do together, whatever connects them.</summary>
[Collection(Alone.Name)]
public sealed class DirectorPairTests
{
    private static readonly IEnumerable<int> s_some = Enumerable.Range(0, 500);

    [Theory]
    [InlineData(WireKind.Memory)]
    [InlineData(WireKind.Sockets)]
    public void Feed_ManyConnections_ArriveEqualAndAreInjected(WireKind kind)
    {
        using var pair = new DirectorPair(kind);
        pair.A.FeedNumbers(s_some);

        DirectorPair.AwaitEqual(pair.A, pair.B);
        pair.B.Injected.Await(s_some);
        Assert.Equal(s_some.Count(), pair.B.Director.Table.Count);
        Assert.Empty(pair.A.Injected.Heard);
        Assert.Equal(0, pair.A.Metrics.Sent.Lost + pair.B.Metrics.Received.Lost + pair.B.Metrics.Injected.Lost);
    }

    [Theory]
    [InlineData(WireKind.Memory)]
    [InlineData(WireKind.Sockets)]
    public void Feed_SocketRefusesMessages_AreSentAgainFromTheTable(WireKind kind)
    {
        using var pair = new DirectorPair(kind);
        pair.A.Wires.Refuses = true;
        pair.A.FeedNumbers(s_some);
        Until.True(() => pair.A.Metrics.Sent.Lost > 0 && pair.A.Director.Senders.All(sender => sender.Waiting == 0));
        Assert.Equal(0, pair.B.Director.Table.Count);

        pair.A.Wires.Refuses = false;
        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(s_some.Count(), pair.B.Director.Table.Count);
    }

    [Theory]
    [InlineData(WireKind.Memory)]
    [InlineData(WireKind.Sockets)]
    public void ChangeRole_BothTheOtherWayRound_TheNewMastersConnectionsArrive(WireKind kind)
    {
        using var pair = new DirectorPair(kind);
        pair.A.FeedNumbers(s_some);
        DirectorPair.AwaitEqual(pair.A, pair.B);

        pair.A.Director.ChangeRole(Role.Backup);
        pair.B.Director.ChangeRole(Role.Master);
        pair.B.FeedNumbers(Enumerable.Range(1000, 100));
        DirectorPair.AwaitEqual(pair.B, pair.A);
        pair.A.Injected.Await(Enumerable.Range(1000, 100));
        Assert.Equal(s_some.Count() + 100, pair.A.Director.Table.Count);
    }

    [Fact]
    public void Link_GoesAndComesBack_WhatWasMissedArrivesAndIsNoFault()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        var host = (MemoryHost)pair.A.Host;
        host.Link.Become(null);
        Until.True(() => pair.A.Director.Network.Condition == LinkCondition.Absent);
        pair.A.FeedNumbers(s_some);
        Assert.Equal(0, pair.B.Director.Table.Count);

        host.Link.Become(MemoryLink.Up with { Index = 2 });
        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(s_some.Count(), pair.B.Director.Table.Count);
    }

    [Fact]
    public void Link_LosesItsCarrierLater_WhatLeftBeforeTheNoticeIsSentAgain()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        var host = (MemoryHost)pair.A.Host;
        host.IsCut = true;
        pair.A.FeedNumbers(s_some);
        Until.True(() => pair.A.Metrics.Sent.Entries >= s_some.Count());
        host.Link.Become(MemoryLink.Up with { HasCarrier = false });
        Until.True(() => pair.A.Director.Network.Condition == LinkCondition.NoCarrier);
        host.IsCut = false;
        Assert.Equal(0, pair.B.Director.Table.Count);

        host.Link.Become(MemoryLink.Up);
        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(s_some.Count(), pair.B.Director.Table.Count);
    }

    [Fact]
    public void ChangeRole_LinkIsAbsent_SucceedsAndSendsWhenItIsBack()
    {
        using var pair = new DirectorPair(WireKind.Memory);
        pair.A.FeedNumbers(s_some);
        DirectorPair.AwaitEqual(pair.A, pair.B);
        var host = (MemoryHost)pair.B.Host;
        host.Link.Become(null);
        Until.True(() => pair.B.Director.Network.Condition == LinkCondition.Absent);
        pair.A.Director.ChangeRole(Role.Backup);
        pair.B.Director.ChangeRole(Role.Master);
        pair.B.FeedNumbers(Enumerable.Range(1000, 100));

        host.Link.Become(MemoryLink.Up);
        DirectorPair.AwaitEqual(pair.B, pair.A);
    }

    [Theory]
    [InlineData(WireKind.Memory)]
    [InlineData(WireKind.Sockets)]
    public void Stop_PartFilledMessagesWait_AreSentFirst(WireKind kind)
    {
        const int Connections = 100;
        using var pair = new DirectorPair(kind, options => options with { FlushIntervalMs = 60_000, Extensions = false }); // nobody may ask for them
        for (int number = 0; number < Connections; number++)
            pair.A.FeedNumbers([number]);
        Assert.InRange(pair.A.Metrics.Sent.Entries, 0, Connections - 1);
        pair.A.Stop();

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Assert.Equal(Connections, pair.B.Director.Table.Count);
    }

    [Theory]
    [InlineData(WireKind.Memory)]
    [InlineData(WireKind.Sockets)]
    public void Stop_MessagesReceived_AreInjectedFirst(WireKind kind)
    {
        using var pair = new DirectorPair(kind);
        pair.A.FeedNumbers(s_some);
        Until.True(() => pair.B.Director.Table.Count == s_some.Count());
        pair.B.Stop();

        pair.B.Injected.Await(s_some);
    }

    [Fact]
    public void Feed_NetworkDuplicatesAndReorders_NoConnectionMovesBack()
    {
        using var pair = new DirectorPair(WireKind.Memory, options => options with { FlushIntervalMs = 0 });
        pair.Network!.Faults = new NetworkFaults(Duplication: 0.5, Jitter: TimeSpan.FromMilliseconds(20));
        foreach (ushort state in (ushort[])[1, 4, 5])
        {
            pair.A.Feed(s_some.Select(number => Entries.Tcp(number, state)));
            Until.True(() => pair.A.Known.Count == s_some.Count() && pair.A.Known.All(entry => entry.State == state));
        }

        DirectorPair.AwaitEqual(pair.A, pair.B);
        Until.True(() => pair.B.Director.Extensions!.Lanes.Sum(lane => lane.Windows.Snapshots.Sum(peer => peer.Counts.Duplicates)) > 0);
        DirectorPair.AwaitEqual(pair.A, pair.B);
    }
}
