using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Peers;

public sealed class PeerRegistryTests
{
    private const int Unplaced = 500;

    private readonly PeerRegistry _peers = new(lanes: 2);
    private readonly LanePeers[] _lanes;

    public PeerRegistryTests() => _lanes = [new LanePeers(_peers, 0), new LanePeers(_peers, 1)];

    [Fact]
    public void Note_MorePeersThanPlaces_CountsTheRestTogether()
    {
        Fill();
        Note(Unplaced, nowMs: 7);
        Note(Unplaced + 1, nowMs: 8, lane: 1);

        IReadOnlyList<PeerSnapshot> heard = _peers.Snapshots;
        Assert.Equal(FlowConstants.MaxPeers + 1, heard.Count);
        Assert.Equal(new PeerSnapshot(null, SyncVersion.V1, 2, 6, 8), heard[^1]);
        Assert.Equal("others", heard[^1].Name);
    }

    [Fact]
    public void Note_PeerBeyondThePlaces_StaysAmongTheOthersAfterOneThatHasAPlace()
    {
        Fill();
        Note(Unplaced, nowMs: 7);
        Note(3, nowMs: 8);
        Note(Unplaced, nowMs: 9);

        Assert.Equal(2, Of(null).Messages);
        Assert.Equal(2, Of(3).Messages);
    }

    [Fact]
    public void Note_PeerSilentForLong_GivesItsPlaceToTheNext()
    {
        const long Long = 2 * FlowConstants.PeerForgetMs;
        Fill();
        for (int number = 0; number < FlowConstants.MaxPeers; number++)
            Note(number, number == 5 ? Long : Long + 1000);

        Note(Unplaced, Long + FlowConstants.PeerForgetMs - 1);
        Assert.True(Has(5));
        Note(Unplaced, Long + FlowConstants.PeerForgetMs);
        Assert.False(Has(5));
        Assert.True(Has(Unplaced));
    }

    [Fact]
    public void Note_PeerHeardOnAnotherLaneOfLate_KeepsItsPlace()
    {
        Fill();
        for (int number = 0; number < FlowConstants.MaxPeers; number++)
            Note(number, FlowConstants.PeerForgetMs / 2, lane: 1);

        Note(Unplaced, FlowConstants.PeerForgetMs - FlowConstants.MaxPeers);
        Assert.False(Has(Unplaced));
    }

    [Fact]
    public void Note_PeerThatAnotherLaneHasReplaced_IsSeenAgain()
    {
        Fill();
        Note(5, nowMs: 5); // the lane's last
        long laterMs = 3 * FlowConstants.PeerForgetMs;
        for (int number = Unplaced; number < Unplaced + FlowConstants.MaxPeers; number++)
            Note(number, laterMs, lane: 1);
        Assert.False(Has(5));

        Note(5, laterMs + FlowConstants.PeerForgetMs);
        Assert.Equal(1, Of(5).Messages);
    }

    [Fact]
    public void Note_NewPeerInAFullRegistry_IsNotReplacedBeforeItsFirstMessage()
    {
        long nowMs = 3 * FlowConstants.PeerForgetMs;
        Peer admitted = _peers.Find(Address(1), nowMs);

        Assert.Equal(PeerState.Heard, admitted.StateAt(nowMs + FlowConstants.PeerForgetSoonMs - 1));
        Assert.Equal(PeerState.Silent, admitted.StateAt(nowMs + FlowConstants.PeerForgetSoonMs));
    }

    /// <summary>However many senders somebody forges, a peer that is heard keeps its place, and one that comes after them soon has one.</summary>
    [Fact]
    public void Note_FloodOfForgedSources_DisplacesNoPeerThatIsHeardAndIsSoonForgotten()
    {
        const int Second = 1000;
        long nowMs = 0;
        for (; nowMs < 600 * Second; nowMs += Second)
            Note(1, nowMs);
        for (int flood = 0; flood < 300_000; flood++, nowMs += flood % 1000 == 0 ? Second : 0)
        {
            Note(10_000 + flood, nowMs);
            if (flood % 60_000 == 0)
                Note(1, nowMs);
        }

        Assert.Equal(600 + 5, Of(1).Messages);
        Assert.Equal(FlowConstants.MaxPeers + 1, _peers.Snapshots.Count);
        Note(2, nowMs + FlowConstants.PeerForgetSoonMs);
        Assert.Equal(1, Of(2).Messages);
    }

    [Fact]
    public void Note_ZeroAddressAmongTheOthers_IsAPeerLikeAnyOther()
    {
        Fill(first: 1);
        Note(Unplaced, nowMs: 7);
        Note(0, FlowConstants.PeerForgetMs + 100);

        Assert.Equal(1, Of(0).Messages);
    }

    [Fact]
    public void Note_KnownPeersAndManyWithoutPlaces_AllocatesNothing()
    {
        Fill();
        Note(Unplaced, nowMs: 7);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
                Note(i % 1000, nowMs: 8);
        }));
    }

    [Fact]
    public void Snapshots_PeerOnSeveralLanes_IsOnePeerAndOthersAreLast()
    {
        Note(2, nowMs: 2);
        _lanes[1].Note(Address(2), SyncVersion.V0, 5, 1000);
        _lanes[1].Note(new SourceAddress(1, IsIPv6: true), SyncVersion.V1, 1, 1);
        Fill(first: 3, count: FlowConstants.MaxPeers - 2);
        Note(Unplaced, nowMs: 3);
        IReadOnlyList<PeerSnapshot> peers = _peers.Snapshots;

        Assert.Equal(new PeerSnapshot(Address(2), SyncVersion.V0, 2, 8, 1000), peers[0]);
        Assert.Equal(["::1", "others"], peers.TakeLast(2).Select(peer => peer.Name));
    }

    [Fact]
    public void Clear_KnownPeers_AreForgottenAndCountedAnew()
    {
        Note(1, nowMs: 1);
        _peers.Clear();
        Assert.Empty(_peers.Snapshots);

        Note(1, nowMs: 2);
        Assert.Equal(new PeerSnapshot(Address(1), SyncVersion.V1, 1, 3, 2), Assert.Single(_peers.Snapshots));
    }

    /// <summary>There are as many places for 64 lanes as for one: each sender that somebody forges is on another lane.</summary>
    [Fact]
    public void Note_FloodOnEveryOfManyLanes_HasOnePlaceForTheSamePeerAndNoMorePlaces()
    {
        const int Lanes = 64;
        var peers = new PeerRegistry(Lanes);
        LanePeers[] lanes = [.. Enumerable.Range(0, Lanes).Select(lane => new LanePeers(peers, lane))];
        foreach (LanePeers lane in lanes)
            lane.Note(Address(1), SyncVersion.V1, 1, 1);
        for (int flood = 0; flood < 10_000; flood++)
            lanes[flood % Lanes].Note(Address(100 + flood), SyncVersion.V1, 1, 2);

        Assert.Equal(FlowConstants.MaxPeers + 1, peers.Snapshots.Count);
        Assert.Equal(Lanes, peers.Snapshots[0].Messages);
        Assert.Equal(10_000 - (FlowConstants.MaxPeers - 1), peers.Snapshots[^1].Messages);
    }

    /// <summary>Lanes note the same peers at the same time: each message is counted once.</summary>
    [Fact]
    public void Note_AllLanesAtOnce_CountsEveryMessage()
    {
        const int Rounds = 20_000;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(lane => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
                Note(round % 8, nowMs: round, lane);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(8, _peers.Snapshots.Count);
        Assert.All(_peers.Snapshots, peer => Assert.Equal(2 * Rounds / 8, peer.Messages));
    }

    private static SourceAddress Address(int number) => new((UInt128)number, IsIPv6: false);

    private PeerSnapshot Of(int? number) => _peers.Snapshots.Single(peer => peer.Address == (number is { } own ? Address(own) : null));

    private bool Has(int number) => _peers.Snapshots.Any(peer => peer.Address == Address(number));

    private void Fill(int first = 0, int count = FlowConstants.MaxPeers)
    {
        for (int number = first; number < first + count; number++)
            Note(number, nowMs: number);
    }

    private void Note(int number, long nowMs, int lane = 0) => _lanes[lane].Note(Address(number), SyncVersion.V1, 3, nowMs);
}
