using System.Diagnostics;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What a director that comes back learns from the others, and when its gate opens.</summary>
[Collection(Alone.Name)]
public sealed class ResyncTests
{
    private const int Connections = 5000;

    [Fact]
    public void Start_Alone_GateOpensAfterTheTimeToAnswer()
    {
        using var cluster = new Cluster();
        var clock = Stopwatch.StartNew();
        PairedDirector one = cluster.Start(1);

        Until.True(() => one.Director.Resync.IsOpen);
        Assert.InRange(clock.Elapsed.TotalSeconds, (double)Cluster.SoonAlone, double.MaxValue);
        AwaitReady(one, ResyncOutcome.Alone);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Start_BesideOneThatKnows_LearnsEverything(double loss)
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, Connections));
        cluster.Network.Faults = new NetworkFaults(Loss: loss);

        PairedDirector learner = cluster.Start(2);

        AwaitReady(learner, ResyncOutcome.Full);
        Assert.Equal(Connections, learner.Director.Table.Count);
        Assert.Equal(Connections, learner.Director.Table.Peers);
    }

    [Fact]
    public void Start_Again_LearnsItsOwnFromWhoeverRemembersThem()
    {
        using var cluster = new Cluster();
        (PairedDirector first, PairedDirector second) = StartTwo(cluster);
        first.FeedNumbers(Enumerable.Range(0, Connections));
        DirectorPair.AwaitEqual(first, second);
        Cluster.Kill(first);
        second.FeedNumbers(Enumerable.Range(Connections, 1000));

        PairedDirector back = cluster.Start(1);

        AwaitReady(back, ResyncOutcome.Full);
        Assert.Equal(Connections + 1000, back.Director.Table.Count);
    }

    [Fact]
    public void Start_BesideTwo_LearnsFromEachItsOwn()
    {
        using var cluster = new Cluster();
        (PairedDirector one, PairedDirector two) = StartTwo(cluster);
        one.FeedNumbers(Enumerable.Range(0, Connections));
        two.FeedNumbers(Enumerable.Range(Connections, Connections));

        PairedDirector learner = cluster.Start(3);

        AwaitReady(learner, ResyncOutcome.Full);
        Assert.Equal(2 * Connections, learner.Director.Table.Count);
    }

    [Fact]
    public void Learn_TwoAtOnce_BothLearnEverything()
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, 4 * Connections));
        cluster.Network.Faults = new NetworkFaults(Loss: 0.05);

        PairedDirector one = cluster.Start(2);
        PairedDirector two = cluster.Start(3);

        AwaitReady(one, ResyncOutcome.Full);
        AwaitReady(two, ResyncOutcome.Full);
        Assert.Equal(4 * Connections, one.Director.Table.Count);
        Assert.Equal(4 * Connections, two.Director.Table.Count);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Learn_TeacherDies_TheNextOneTellsTheRest(double share)
    {
        using var cluster = new Cluster();
        (PairedDirector one, PairedDirector two) = StartTwo(cluster);
        one.FeedNumbers(Enumerable.Range(0, 4 * Connections));
        DirectorPair.AwaitEqual(one, two);
        cluster.Network.Faults = new NetworkFaults(Delay: TimeSpan.FromMilliseconds(2));

        PairedDirector learner = cluster.Start(3);
        Until.True(() => learner.Director.Resync.Entries >= share * 4 * Connections);
        Cluster.Kill(one);

        AwaitReady(learner);
        Assert.Equal(4 * Connections, learner.Director.Table.Count);
    }

    [Fact]
    public void Learn_LearnerDies_TheTeacherForgetsItAndServesTheNext()
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, 4 * Connections));
        cluster.Network.Faults = new NetworkFaults(Delay: TimeSpan.FromMilliseconds(2));
        PairedDirector dead = cluster.Start(2);
        Until.True(() => dead.Director.Resync.Entries > Connections);
        Cluster.Kill(dead);

        PairedDirector learner = cluster.Start(2);

        AwaitReady(learner, ResyncOutcome.Full);
        Assert.Equal(4 * Connections, learner.Director.Table.Count);
    }

    [Fact]
    public void Learn_EndIsLostFiftyTimes_TheGateOpensAllTheSame()
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, Connections));
        int lost = 0;
        cluster.Network.Drops = datagram => IsEnd(datagram) && lost++ < 50;

        PairedDirector learner = cluster.Start(2);

        AwaitReady(learner, ResyncOutcome.Full);
        Assert.Equal(Connections, learner.Director.Table.Count);
        Assert.True(lost > 50);
    }

    [Fact]
    public void Learn_NewsMeanwhile_IsNotReplacedByWhatIsToldFromTheTable()
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, Connections));
        cluster.Network.Faults = new NetworkFaults(Loss: 0.1, Delay: TimeSpan.FromMilliseconds(1), Jitter: TimeSpan.FromMilliseconds(4));
        PairedDirector learner = cluster.Start(2);
        Until.True(() => learner.Director.Resync.State != ResyncState.Asking);
        teacher.Feed(Enumerable.Range(0, Connections).Select(number => Entries.Tcp(number, ConnectionState.IP_VS_TCP_S_TIME_WAIT, timeout: 120)));
        Until.True(() => teacher.Known.All(entry => entry.State == ConnectionState.IP_VS_TCP_S_TIME_WAIT));

        AwaitReady(learner);
        Until.Try(() => learner.Known.All(entry => entry.State == ConnectionState.IP_VS_TCP_S_TIME_WAIT));

        Assert.All(learner.Known, entry => Assert.Equal(ConnectionState.IP_VS_TCP_S_TIME_WAIT, entry.State));
        Assert.Equal(Connections, learner.Director.Table.Count);
    }

    [Fact]
    public void LearnAgain_OpenGate_StaysOpenAndWhatIsMissingComes()
    {
        using var cluster = new Cluster();
        (PairedDirector one, PairedDirector two) = StartTwo(cluster);
        ((MemoryHost)two.Host).IsCut = true;
        one.FeedNumbers(Enumerable.Range(0, Connections));
        ((MemoryHost)two.Host).IsCut = false;

        Assert.Null(two.Director.LearnAgain(from: null));
        bool stayedOpen = two.Director.Resync.IsOpen;
        Until.True(() => two.Director.Table.Count == Connections);

        Assert.True(stayedOpen);
        AwaitReady(two);
    }

    [Fact]
    public void Start_PeerAppearsLater_IsLearntFromBehindTheOpenGate()
    {
        using var cluster = new Cluster();
        PairedDirector teacher = cluster.Start(1);
        AwaitReady(teacher, ResyncOutcome.Alone);
        teacher.FeedNumbers(Enumerable.Range(0, Connections));
        ((MemoryHost)teacher.Host).IsCut = true;
        PairedDirector learner = cluster.Start(2, options => options with { Resync = new ResyncOptions { AloneAfter = Cluster.SoonAlone } });
        AwaitReady(learner, ResyncOutcome.Alone);

        ((MemoryHost)teacher.Host).IsCut = false;

        Until.True(() => learner.Director.Resync is { State: ResyncState.Ready, Outcome: ResyncOutcome.Full });
        // A machine that stands still meanwhile is a reason of its own.
        Assert.Contains(learner.Director.Resync.Reason, (ResyncReason[])[ResyncReason.PeerReturned, ResyncReason.Gap]);
        Assert.Equal(Connections, learner.Director.Table.Count);
    }

    /// <summary>Clusters that share a group and a port are told apart by it, also in what only directors say to each other.</summary>
    [Fact]
    public void Start_DirectorOfAnotherSyncId_IsNoPeerAndNoTeacher()
    {
        using var cluster = new Cluster();
        PairedDirector other = cluster.Start(1, options => options with { SyncId = 2 });
        AwaitReady(other);
        other.FeedNumbers(Enumerable.Range(0, 1000));
        PairedDirector ours = cluster.Start(2, options => options with { SyncId = 1, Resync = new ResyncOptions { AloneAfter = Cluster.SoonAlone } });
        AwaitReady(ours, ResyncOutcome.Alone);
        Assert.Equal((0, 0, 0), (ours.Director.Resync.Entries, ours.Director.Table.Count, ours.Director.PeerAccounts.Count));
    }

    private static bool IsEnd(ReadOnlySpan<byte> datagram)
        => Trailer.TryFind(datagram, out _, out int start) && ControlReader.TryOpen(datagram, start, out ControlReader control) && control.Kind == ControlKind.End;

    /// <summary>Two that have learnt from each other what there is: nothing.</summary>
    private static (PairedDirector One, PairedDirector Two) StartTwo(Cluster cluster)
    {
        PairedDirector one = cluster.Start(1);
        AwaitReady(one, ResyncOutcome.Alone);
        PairedDirector two = cluster.Start(2);
        AwaitReady(two, ResyncOutcome.Full);
        Until.True(() => one.Director.Resync is { State: ResyncState.Ready, Outcome: ResyncOutcome.Full });
        return (one, two);
    }

    private static void AwaitReady(PairedDirector director, ResyncOutcome? outcome = null)
    {
        Until.True(() => director.Director.Resync.State == ResyncState.Ready);
        Assert.True(director.Director.Resync.IsOpen);
        if (outcome is not null)
            Assert.Equal(outcome, director.Director.Resync.Outcome);
        Assert.Null(director.Fault);
    }
}
