using IpvsSync.Daemon.Receiving;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Receiving;

public sealed class PeerBookTests
{
    private readonly PeerBook _book = new();

    [Fact]
    public void Note_MorePeersThanPlaces_CountsTheRestTogether()
    {
        Fill();
        Note(500, nowMs: 7);
        Note(501, nowMs: 8);

        PeerCount[] heard = [.. _book.Heard];
        Assert.Equal(PeerBook.MaxPeers + 1, heard.Length);
        Assert.Equal(new PeerCount(null, SyncVersion.V1, 2, 6, 8), heard[^1]);
        Assert.Equal("others", heard[^1].Name);
    }

    [Fact]
    public void Note_PeerBeyondThePlaces_StaysAmongTheOthersAfterOneThatHasAPlace()
    {
        Fill();
        Note(500, nowMs: 7);
        Note(3, nowMs: 8);
        Note(500, nowMs: 9);

        Assert.Equal(2, _book.Heard.Single(peer => peer.Address is null).Messages);
        Assert.Equal(2, _book.Heard.Single(peer => peer.Address == Address(3)).Messages);
    }

    [Fact]
    public void Note_PeerSilentForLong_GivesItsPlaceToTheNext()
    {
        Fill();
        for (int number = 0; number < PeerBook.MaxPeers; number++)
        {
            if (number != 5)
                Note(number, PeerBook.ForgetMs / 2);
        }

        Note(500, PeerBook.ForgetMs + 5 - 1);
        Assert.Contains(_book.Heard, peer => peer.Address == Address(5));
        Note(500, PeerBook.ForgetMs + 5);
        Assert.DoesNotContain(_book.Heard, peer => peer.Address == Address(5));
        Assert.Contains(_book.Heard, peer => peer.Address == Address(500));
    }

    [Fact]
    public void Note_KnownPeersAndManyWithoutPlaces_AllocatesNothing()
    {
        Fill();
        Note(500, nowMs: 7);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 10_000; i++)
                Note(i % 1000, nowMs: 8);
        }));
    }

    [Fact]
    public void OfAll_PeerOnSeveralLanes_IsOnePeerAndOthersAreLast()
    {
        PeerBook other = new();
        Fill();
        Note(500, nowMs: 3);
        other.Note(Address(2), SyncVersion.V0, 5, 1000);
        other.Note(new SourceAddress(2, IsIPv6: true), SyncVersion.V1, 1, 1);
        IReadOnlyList<PeerCount> peers = PeerCount.OfAll([_book, other]);

        Assert.Equal(new PeerCount(Address(2), SyncVersion.V0, 2, 8, 1000), peers[2]);
        Assert.Equal(["::2", "others"], peers.TakeLast(2).Select(peer => peer.Name));
    }

    private static SourceAddress Address(int number) => new((UInt128)number, IsIPv6: false);

    private void Fill()
    {
        for (int number = 0; number < PeerBook.MaxPeers; number++)
            Note(number, nowMs: number);
    }

    private void Note(int number, long nowMs) => _book.Note(Address(number), SyncVersion.V1, 3, nowMs);
}
