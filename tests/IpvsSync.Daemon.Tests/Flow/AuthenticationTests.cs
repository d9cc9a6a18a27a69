using System.Diagnostics;
using System.Net;
using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Whole directors that sign what they say, and whoever else speaks to them.</summary>
[Collection(Alone.Name)]
public sealed class AuthenticationTests
{
    private const int Connections = 2000;

    private static readonly AuthenticationOutcome[] s_refused =
    [
        AuthenticationOutcome.Unsigned, AuthenticationOutcome.Malformed, AuthenticationOutcome.UnknownKey, AuthenticationOutcome.WrongTag,
        AuthenticationOutcome.OldNumber, AuthenticationOutcome.UnknownInstance,
    ];

    [Theory]
    [InlineData(AuthenticationMode.Sign, 0)]
    [InlineData(AuthenticationMode.Require, 0)]
    [InlineData(AuthenticationMode.Require, 0.2)]
    internal void Pair_Signs_LearnsAndHearsTheNews(AuthenticationMode mode, double loss)
    {
        using var cluster = new Cluster();
        PairedDirector one = Start(cluster, 1, mode);
        AwaitReady(one, ResyncOutcome.Alone);
        one.FeedNumbers(Enumerable.Range(0, Connections));
        cluster.Network.Faults = new NetworkFaults(Loss: loss);

        PairedDirector two = Start(cluster, 2, mode);
        AwaitReady(two, ResyncOutcome.Full);
        one.FeedNumbers(Enumerable.Range(Connections, Connections));

        DirectorPair.AwaitEqual(one, two);
        PeerOutcomes outcomes = Assert.Single(two.Director.Extensions!.Outcomes);
        Assert.True(outcomes[AuthenticationOutcome.Good] > 0);
        Assert.Equal(0, outcomes[AuthenticationOutcome.WrongTag] + outcomes[AuthenticationOutcome.Unsigned] + outcomes[AuthenticationOutcome.Malformed]);
    }

    [Fact]
    public void Stream_OfASigningDirector_IsReadByAKernelsReaderUnchanged()
    {
        using var cluster = new Cluster();
        List<Recorded> recorded = Record(cluster, "192.0.2.1");
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Require);
        AwaitReady(one);
        one.FeedNumbers(Enumerable.Range(0, Connections));
        Until.True(() => one.Metrics.Sent.Entries >= Connections);

        int entries = 0;
        foreach (Recorded datagram in Snapshot(recorded))
        {
            var reader = new MessageReader(datagram.Bytes, default);
            for (; reader.Read(out ConnectionEntry entry); entries++)
            {
                Assert.Equal(Refusal.None, reader.Refusal);
                Assert.Equal(80, entry.Key.VirtualPort);
            }

            Assert.Equal(Trailer.SignedLength, Trailer.TryFind(datagram.Bytes, out Trailer trailer, out _) ? trailer.Length : 0);
        }

        Assert.True(entries >= Connections);
    }

    [Theory]
    [InlineData("sender")]
    [InlineData("receiver")]
    [InlineData("both")]
    [InlineData("nobody")]
    public void Playback_AfterARestart_AppliesNothing(string restarted)
    {
        using var cluster = new Cluster();
        List<Recorded> recorded = Record(cluster, "192.0.2.1");
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Require);
        PairedDirector two = Start(cluster, 2, AuthenticationMode.Require);
        AwaitReady(one);
        AwaitReady(two);
        one.FeedNumbers(Enumerable.Range(0, Connections));
        DirectorPair.AwaitEqual(one, two);
        Assert.Null(two.Director.LearnAgain(from: null));
        AwaitReady(two);
        Recorded[] minute = Snapshot(recorded);
        if (restarted is "sender" or "both")
            Cluster.Kill(one);
        if (restarted is "receiver" or "both")
            Cluster.Kill(two);
        if (restarted is "sender" or "both")
            AwaitReady(Start(cluster, 1, AuthenticationMode.Require, isAlone: restarted == "both"));
        if (restarted is "receiver" or "both")
            AwaitReady(two = Start(cluster, 2, AuthenticationMode.Require));

        AwaitQuiet(two);
        long before = two.Metrics.Received.Entries;
        long heardBefore = Sum(two);
        Play(cluster, "192.0.2.1", minute);

        Until.True(() => Sum(two) >= heardBefore + minute.Length);
        Assert.Equal(before, two.Metrics.Received.Entries);
        Assert.True(minute.Length > 50);
        Assert.Null(two.Fault);
    }

    [Fact]
    public void Playback_OfAStranger_CausesNoStormOfQuestions()
    {
        using var cluster = new Cluster();
        List<Recorded> recorded = Record(cluster, "192.0.2.1");
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Require);
        AwaitReady(one);
        one.FeedNumbers(Enumerable.Range(0, 10_000));
        Until.True(() => one.Metrics.Sent.Entries >= 10_000);
        Recorded[] minute = Snapshot(recorded);
        Cluster.Kill(one);
        List<Recorded> said = Record(cluster, "192.0.2.2");
        PairedDirector two = Start(cluster, 2, AuthenticationMode.Require, isAlone: true);
        AwaitReady(two);

        var watch = Stopwatch.StartNew();
        for (int round = 0; round < 20; round++)
            Play(cluster, "192.0.2.1", minute);
        Until.True(() => Sum(two) >= 20 * minute.Length);
        double seconds = watch.Elapsed.TotalSeconds;

        // On each of two lanes: those at the start, of the learner and the lanes, and then one each 320 ms.
        Assert.InRange(Snapshot(said).Count(datagram => IsKind(datagram.Bytes, ControlKind.Hello)), 1, 2 * (20 + (int)(seconds * 4)));
        Assert.Equal(0, two.Director.Table.Count);
    }

    [Fact]
    public void Rotation_UnderLoad_LosesAndRefusesNothing()
    {
        using var cluster = new Cluster();
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Require);
        PairedDirector two = Start(cluster, 2, AuthenticationMode.Require);
        AwaitReady(one);
        AwaitReady(two);
        one.FeedNumbers(Enumerable.Range(0, 100));
        DirectorPair.AwaitEqual(one, two);
        AwaitAnswers(one, two);
        string[] before = [Refused(one), Refused(two)];
        AuthenticationOptions[] steps =
        [
            Keys.Options(AuthenticationMode.Require, Keys.Of(1), Keys.Of(2)), // added
            Keys.Options(AuthenticationMode.Require, Keys.Of(2), Keys.Of(1)), // switched
            Keys.Options(AuthenticationMode.Require, Keys.Of(2)), // removed
        ];

        int fed = 100;
        foreach (AuthenticationOptions step in steps)
        {
            foreach (PairedDirector director in (PairedDirector[])[one, two])
            {
                director.Director.Reload(director.Director.Options with { Authentication = step });
                for (int round = 0; round < 20; round++, fed += 500)
                    one.FeedNumbers(Enumerable.Range(fed, 500));
            }

            DirectorPair.AwaitEqual(one, two);
        }

        Assert.Equal(before, (string[])[Refused(one), Refused(two)]);
        Assert.Equal(0, two.Director.PeerAccounts.Single().Numbers!.Counts.Lost);
        Assert.Equal(2, two.Director.Extensions!.Outcomes.Single().KeyId(AuthenticationOutcome.Good));
    }

    [Fact]
    public void Reload_OffThenSignThenRequire_LosesNothing()
    {
        using var cluster = new Cluster();
        PairedDirector one = cluster.Start(1);
        PairedDirector two = cluster.Start(2);
        AwaitReady(one);
        AwaitReady(two);
        int fed = 0;
        foreach (AuthenticationMode mode in (AuthenticationMode[])[AuthenticationMode.Sign, AuthenticationMode.Require])
        {
            foreach (PairedDirector director in (PairedDirector[])[one, two])
            {
                director.Director.Reload(director.Director.Options with { Authentication = Keys.Options(mode, Keys.Of(1)) });
                one.FeedNumbers(Enumerable.Range(fed, 1000));
                fed += 1000;
            }

            DirectorPair.AwaitEqual(one, two);
            AwaitAnswers(one, two);
        }

        one.FeedNumbers(Enumerable.Range(fed, 1000));
        DirectorPair.AwaitEqual(one, two);
    }

    [Theory]
    [InlineData(AuthenticationMode.Sign, true)]
    [InlineData(AuthenticationMode.Require, false)]
    internal void Kernel_InTheGroup_IsBelievedUnlessSignaturesAreRequired(AuthenticationMode mode, bool isBelieved)
    {
        using var cluster = new Cluster();
        PairedDirector one = Start(cluster, 1, mode);
        AwaitReady(one);
        MemoryHost kernel = cluster.Network.AddHost(one.Host.Options, "192.0.2.9");
        foreach (int number in Enumerable.Range(0, 100))
            cluster.Network.Send(kernel, PlaceOf(one, lane: 0), Messages.Of(Entries.Tcp(number)));

        Until.True(() => Sum(one) >= 100);
        PeerOutcomes outcomes = Assert.Single(one.Director.Extensions!.Outcomes);

        Assert.Equal(100, outcomes[AuthenticationOutcome.Unsigned]);
        Assert.True(outcomes.IsKernelAt(one.Director.Table.NowMs));
        if (isBelieved)
            Until.True(() => one.Director.Table.Count == 100);
        Assert.Equal(isBelieved ? 100 : 0, one.Director.Table.Count);
    }

    [Fact]
    public void WrongKey_OnOneSide_IsSeenOnBothWithinThreeSeconds()
    {
        // The machine may stand still for longer than that.
        using var cluster = new Cluster(new SlowTime(factor: 4));
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Require);
        PairedDirector two = cluster.Start(2, options => options with { Authentication = Keys.Options(AuthenticationMode.Require, Keys.Of(1, seed: 9)) });
        long begunMs = one.Director.Table.NowMs;

        Until.True(() => new[] { one, two }.All(director =>
            director.Director.Extensions?.Outcomes.Any(peer => peer[AuthenticationOutcome.WrongTag] > 0 && peer.KeyId(AuthenticationOutcome.WrongTag) == 1) == true));

        Assert.InRange(one.Director.Table.NowMs - begunMs, 0, 3000);
    }

    /// <summary>An operator looks at this before unsigned messages are refused.</summary>
    [Fact]
    public void Report_PeerThatSignsNoMore_IsNotSaidToSign()
    {
        using var cluster = new Cluster();
        PairedDirector one = Start(cluster, 1, AuthenticationMode.Sign);
        PairedDirector two = Start(cluster, 2, AuthenticationMode.Sign);
        AwaitReady(two);
        Until.True(() => Signs() == "yes");
        two.Director.Reload(two.Director.Options with { Authentication = new AuthenticationOptions() });
        Until.True(() => Signs() == "no");

        string? Signs() => AuthenticationReport.Of(one.Director.Extensions, one.Director.Table.NowMs)?.Peers.SingleOrDefault()?.Signs;
    }

    private static PairedDirector Start(Cluster cluster, int number, AuthenticationMode mode, bool isAlone = false) => cluster.Start(number, options => options with
    {
        Authentication = Keys.Options(mode, Keys.Of(1)),
        Resync = isAlone ? new ResyncOptions { AloneAfter = Cluster.SoonAlone } : options.Resync,
    });

    /// <summary>Waits until two have answered each other on every lane.</summary>
    private static void AwaitAnswers(PairedDirector one, PairedDirector two) => Until.True(() => HasAnswered(one, two) && HasAnswered(two, one));

    private static bool HasAnswered(PairedDirector here, PairedDirector there)
        => here.Director.Extensions!.Windows.All(lane => lane.IsVouched(there.Director.Extensions!.Instance, out _));

    private static void AwaitReady(PairedDirector director, ResyncOutcome? outcome = null)
    {
        Until.True(() => director.Director.Resync.State == ResyncState.Ready);
        if (outcome is not null)
            Assert.Equal(outcome, director.Director.Resync.Outcome);
        Assert.Null(director.Fault);
    }

    /// <summary>Waits until nothing is told any more.</summary>
    private static void AwaitQuiet(PairedDirector director)
    {
        long before = -1;
        Until.True(() =>
        {
            long now = director.Metrics.Received.Entries;
            bool isQuiet = now == before;
            before = now;
            Thread.Sleep(300);
            return isQuiet;
        });
    }

    private static long Sum(PairedDirector director) => director.Director.Extensions!.Outcomes.Sum(peer => peer.Counts.Sum());

    private static string Refused(PairedDirector director) => string.Join(
        ", ", director.Director.Extensions!.Outcomes.SelectMany(peer => s_refused.Select(outcome => $"{peer[outcome]} {AuthenticationText.Of(outcome)}")));

    private static bool IsKind(ReadOnlySpan<byte> datagram, ControlKind kind)
        => Trailer.TryFind(datagram, out _, out int start) && ControlReader.TryOpen(datagram, start, out ControlReader control) && control.Kind == kind;

    private static List<Recorded> Record(Cluster cluster, string address)
    {
        List<Recorded> recorded = [];
        var source = IpvsSync.Linux.SourceAddress.From(IPAddress.Parse(address));
        cluster.Network.Tap += (from, place, datagram) =>
        {
            if (from.Address != source)
                return;
            lock (recorded)
                recorded.Add(new Recorded(place, datagram.ToArray()));
        };
        return recorded;
    }

    private static Recorded[] Snapshot(List<Recorded> recorded)
    {
        lock (recorded)
            return [.. recorded];
    }

    private static void Play(Cluster cluster, string address, Recorded[] minute)
    {
        cluster.Network.Tap = null;
        MemoryHost attacker = cluster.Network.AddHost(new SyncOptions { Interface = "lo" }, address);
        foreach (Recorded datagram in minute)
            cluster.Network.Send(attacker, datagram.Place, datagram.Bytes);
    }

    private static MemoryNetwork.Place PlaceOf(PairedDirector director, int lane)
        => new(director.Host.Options.Group!, director.Host.Options.Port + lane, Link: 0);

    private sealed record Recorded(MemoryNetwork.Place Place, byte[] Bytes);
}
