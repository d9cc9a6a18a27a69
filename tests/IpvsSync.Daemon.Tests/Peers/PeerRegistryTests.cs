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
        Fill();
        for (int number = 0; number < FlowConstants.MaxPeers; number++)
        {
            if (number != 5)
                Note(number, FlowConstants.PeerForgetMs / 2);
        }

        Note(Unplaced, FlowConstants.PeerForgetMs + 5 - 1);
        Assert.True(Has(5));
        Note(Unplaced, FlowConstants.PeerForgetMs + 5);
        Assert.False(Has(5));
        Assert.True(Has(Unplaced));
    }

    [Fact]
    public void Note_PeerHeardOnAnotherLaneOfLate_KeepsItsPlace()
    {
        Fill();
        for (int number = 0; number < FlowConstants.MaxPeers; number++)
            Note(number, FlowConstants.PeerForgetMs / 2, lane: 1);

        Note(Unplaced, FlowConstants.PeerForgetMs + FlowConstants.MaxPeers);
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

        Assert.Equal(PeerState.Heard, admitted.StateAt(nowMs + FlowConstants.PeerForgetMs - 1));
        Assert.Equal(PeerState.Silent, admitted.StateAt(nowMs + FlowConstants.PeerForgetMs));
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
