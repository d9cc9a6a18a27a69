using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Peers;

public sealed class PeerAccountsTests
{
    private readonly HeardPeers _heard = new();

    [Fact]
    public void Of_PeerWithNumbersAndOneWithout_AreToldApart()
    {
        _heard.Number(1, 0xA1, 1, 0);
        _heard.Plain(2, 0);

        Assert.Equal([true, false], _heard.Accounts.Select(peer => peer.IsNumbered));
        Assert.Null(_heard.Accounts[1].Numbers);
    }

    [Fact]
    public void Of_Lanes_AreAddedUpAndKeptApart()
    {
        _heard.Number(1, 0xA1, 3, 0);
        _heard.Number(1, 0xA1, 2, 2000, lane: 1);
        _heard.Ask(1000);
        _heard.Lanes[0].Repair(0xA1, new NumberRange(1, 1), isGone: false, nowMs: 1500);
        NumbersAccount numbers = Assert.Single(_heard.Accounts).Numbers!;

        Assert.Equal((2, 1, 2), (numbers.Counts.Lost, numbers.Counts.Repaired, numbers.Open));
        Assert.Equal([(0, 0L, 1L, 2L), (1, 2000L, 1L, 0L)], numbers.Lanes.Select(lane => (lane.Lane, lane.HeardMs, lane.Open, lane.Counts.Lost)));
        Assert.Equal((0, 2000), (numbers.Latest.SinceMs, numbers.Latest.HeardMs));
    }

    [Fact]
    public void Of_PeersWithoutPlaces_AreTheOthersWithWhatTheForgottenLost()
    {
        for (int peer = 0; peer <= FlowConstants.MaxPeers; peer++)
            _heard.Number(peer, 0xA1 + (uint)peer, 2, 0);
        _heard.Number(FlowConstants.MaxPeers + 1, 0x1000, 3, FlowConstants.PeerSilentMs);
        PeerAccount others = _heard.Accounts[^1];

        Assert.Equal(FlowConstants.MaxPeers + 1, _heard.Accounts.Count);
        Assert.Equal("others", others.Peer.Name);
        Assert.Equal(2, others.Numbers!.Open);
        Assert.Equal(1, others.Numbers.Counts.Missing);
    }

    [Fact]
    public void StateAt_NumberedPeer_IsLostAfterThreeSeconds()
    {
        _heard.Beat(1, 0xA1, 0, 0);
        _heard.Beat(1, 0xA1, 0, 5000);

        Assert.Equal(PeerState.Heard, StateAt(5000 + FlowConstants.PeerSilentMs - 1));
        Assert.Equal(PeerState.Lost, StateAt(5000 + FlowConstants.PeerSilentMs));
        Assert.Equal(PeerState.Lost, StateAt(5000 + FlowConstants.PeerForgetMs));
    }

    [Fact]
    public void StateAt_PeerWithoutNumbers_MayBeSilentAndIsNeverLost()
    {
        _heard.Plain(1, 0);
        _heard.Plain(1, 5000);

        Assert.Equal(PeerState.Heard, StateAt(5000 + FlowConstants.PeerForgetSoonMs - 1));
        Assert.Equal(PeerState.Silent, StateAt(5000 + FlowConstants.PeerForgetSoonMs));
    }

    [Fact]
    public void Version_BeatsBetweenMessages_StaysThatOfTheMessages()
    {
        var registry = new PeerRegistry(lanes: 2);
        LanePeers[] lanes = [new(registry, 0), new(registry, 1)];
        lanes[1].NoteSign(HeardPeers.Address(1), 0);
        Assert.Equal(SyncVersion.V1, Assert.Single(registry.Snapshots).Version);

        lanes[0].Note(HeardPeers.Address(1), SyncVersion.V0, 1, 1);
        lanes[0].NoteSign(HeardPeers.Address(1), 2);
        lanes[1].NoteSign(HeardPeers.Address(1), 3);
        Assert.Equal((SyncVersion.V0, 3, 4), (registry.Snapshots[0].Version, registry.Snapshots[0].HeardMs, registry.Snapshots[0].Messages));
    }

    [Fact]
    public void Follow_ForgottenInstance_LeavesItsPlaceForSumsToTheNext()
    {
        var lane = new LaneWindows(own: 1, lane: 0, lanes: 1, new PeerOwners(new OwnerSums()), IdleLearner.Make());
        byte before = OwnerOf(0xA1);
        Assert.NotEqual(before, OwnerOf(0xA2));
        lane.Follow(0xA1, 0xA2);

        Assert.Equal(before, OwnerOf(0xA3));

        byte OwnerOf(uint instance)
        {
            lane.Note(new Trailer(instance, Number: 1, KeyId: 0, TrailerType.Unsigned), HeardPeers.Address(1), nowMs: 0, out _, out byte owner);
            return owner;
        }
    }

    private PeerState StateAt(long nowMs) => Assert.Single(_heard.Accounts).StateAt(nowMs);
}
