using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>Each change of a peer is told once; time is the test's.</summary>
public sealed class PeerWatchTests
{
    private const uint Instance = 0xA1;
    private const uint Next = 0xA2;
    private const long Silent = FlowConstants.PeerSilentMs;
    private const long Last = 20_000;

    private readonly HeardPeers _heard = new();
    private readonly PeerWatch _watch = new();

    [Fact]
    public void Check_BeatsOfAnIdlePeer_KeepItHeard()
    {
        for (long nowMs = 0; nowMs < 60_000; nowMs += 1000)
        {
            _heard.Beat(1, Instance, 7, nowMs);
            Assert.Empty(Check(nowMs));
        }
    }

    [Fact]
    public void Check_PeerSilentForThreeSeconds_IsLostOnce()
    {
        BeatUntil(Last);

        Assert.Empty(Check(Last + Silent - 1));
        Assert.Equal(
            new PeerChange(PeerChangeKind.Lost, HeardPeers.Address(1), Instance, 0, Last, Silent), Assert.Single(Check(Last + Silent)));
        Assert.Empty(Check(Last + Silent + 1000));
        Assert.Empty(Check(Last + 3_600_000));
    }

    [Fact]
    public void Check_PeerSilentOnOneLaneOnly_IsNotLost()
    {
        BeatUntil(Last, lane: 0);
        BeatUntil(Last + 10_000, lane: 1);

        Assert.Empty(Check(Last + 10_000));
    }

    [Fact]
    public void Check_OneForgedMessage_IsNoPeerThatCanBeLost()
    {
        _heard.Number(1, Instance, 1, Last);
        Assert.Empty(Check(Last + Silent));
    }

    [Fact]
    public void Check_LostPeerSpeaks_IsHeardAgainOnceAndCanBeLostAgain()
    {
        BeatUntil(Last);
        Check(Last + Silent);
        _heard.Beat(1, Instance, 7, Last + 9000);

        Assert.Equal(
            new PeerChange(PeerChangeKind.HeardAgain, HeardPeers.Address(1), Instance, 0, Last + 9000, 9000), Assert.Single(Check(Last + 9000)));
        Assert.Empty(Check(Last + 9500));
        Assert.Equal(PeerChangeKind.Lost, Assert.Single(Check(Last + 9000 + Silent)).Kind);
    }

    [Theory]
    [InlineData(100)] // a restart
    [InlineData(60_000)] // a boot
    public void Check_NextInstanceAtTheAddress_FollowsOnceAndInheritsTheAccount(long absence)
    {
        BeatUntil(Last, lane: 0);
        BeatUntil(Last, lane: 1);
        _heard.Number(1, Instance, 3, Last);
        _heard.Ask(Last + 1000);
        Check(Last + Math.Min(absence, Silent));
        for (int lane = 0; lane < 2; lane++)
            _heard.Beat(1, Next, 0, Last + absence, lane);
        long nowMs = Last + Math.Max(absence, Silent);
        _heard.Beat(1, Next, 0, nowMs);

        Assert.Equal(
            new PeerChange(PeerChangeKind.Followed, HeardPeers.Address(1), Instance, Next, Last, nowMs - Last), Assert.Single(Check(nowMs)));
        Assert.Empty(Check(nowMs));
        Assert.All(_heard.Lanes, lane => Assert.Equal(Next, Assert.Single(lane.Snapshots).Instance));
        NumbersAccount numbers = Assert.Single(_heard.Accounts).Numbers!;
        Assert.Equal((0, 2, 2), (numbers.Open, numbers.Counts.Lost, numbers.Counts.Missing));
    }

    [Fact]
    public void Check_PeerThatStartsAnewAndDiesAtOnce_IsLost()
    {
        BeatUntil(Last);
        _heard.Beat(1, Next, 0, Last + 1000);
        Assert.Equal(PeerChangeKind.Followed, Assert.Single(Check(Last + Silent)).Kind);

        PeerChange lost = Assert.Single(Check(Last + 1000 + Silent));
        Assert.Equal((PeerChangeKind.Lost, Next, Last + 1000), (lost.Kind, lost.Instance, lost.HeardMs));
    }

    [Fact]
    public void Check_TwoInstancesAtOneAddressAtTheSameTime_DoNotFollowEachOther()
    {
        BeatUntil(Last);
        for (long nowMs = 0; nowMs <= Last + 10_000; nowMs += 1000)
            _heard.Beat(1, Next, 7, nowMs);

        Assert.Equal(PeerChangeKind.Lost, Assert.Single(Check(Last + 10_000)).Kind);
        Assert.Equal(2, _heard.Lanes[0].Snapshots.Count);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(30_000)]
    public void Check_AddressSpeaksOnWithoutNumbers_IsToldOnceWhetherItWasLostOrNot(long absence)
    {
        BeatUntil(Last);
        Check(Last + Math.Min(absence, Silent));
        long nowMs = Last + Math.Max(absence, Silent);
        _heard.Plain(1, nowMs);

        Assert.Equal(PeerChangeKind.Unnumbered, Assert.Single(Check(nowMs)).Kind);
        Assert.Empty(Check(nowMs + 1));
        Assert.Empty(Check(nowMs + 60_000));
        Assert.Null(PeerInstance(nowMs));
    }

    [Fact]
    public void Check_ForgottenPeers_AreForgotten()
    {
        BeatUntil(Last);
        Check(Last + Silent);
        foreach (LaneWindows lane in _heard.Lanes)
            lane.Clear();
        Assert.Empty(Check(Last + 5000));
        BeatUntil(Last + 10_000);
        Assert.Empty(Check(Last + 10_000));
    }

    private uint? PeerInstance(long nowMs)
    {
        PeerAccount peer = Assert.Single(_heard.Accounts);
        Assert.Equal(PeerState.Heard, peer.StateAt(nowMs));
        return peer.IsNumbered ? peer.Numbers!.Latest.Instance : null;
    }

    private void BeatUntil(long lastMs, int lane = 0)
    {
        for (long nowMs = 0; nowMs <= lastMs; nowMs += 1000)
            _heard.Beat(1, Instance, 0, nowMs, lane);
    }

    private IReadOnlyList<PeerChange> Check(long nowMs) => _watch.Check(_heard.Lanes, _heard.Snapshots, nowMs);
}
