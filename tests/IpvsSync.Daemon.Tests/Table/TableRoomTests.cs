using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>Whatever peers send, or somebody in their name, this director's own connections find room.</summary>
public sealed class TableRoomTests
{
    private const int Limit = 8000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));
    private readonly ConnectionTable _table;

    public TableRoomTests() => _table = new ConnectionTable(_time, limit: Limit);

    [Fact]
    public void Apply_FloodOfPeers_LeavesAnEighthForOurOwn()
    {
        Assert.Equal(7000, Fill(Origin.Peer, first: 0, 20_000));
        Assert.Equal(1000, Fill(Origin.Local, first: 20_000, 1500));
        Assert.Equal((Limit, 7000), (_table.Count, _table.Peers));
    }

    [Fact]
    public void Apply_PeersFloodBesideManyOfOurOwn_TakesOnlyWhatIsLeft()
    {
        Assert.Equal(6000, Fill(Origin.Local, first: 0, 6000));
        Assert.Equal(2000, Fill(Origin.Peer, first: 6000, 9000));
        Assert.Equal(Limit, _table.Count);
    }

    /// <summary>Who claims our connections for himself does not take their room either.</summary>
    [Fact]
    public void Apply_PeersHaveTakenOurOwnConnections_OurNextOnesFindRoom()
    {
        Fill(Origin.Peer, first: 0, 20_000);
        Fill(Origin.Local, first: 20_000, 1000);
        foreach (int number in Enumerable.Range(20_000, 1000))
            _table.Apply(Entries.Tcp(number, state: 5), Origin.Peer);

        Assert.Equal(Limit, _table.Peers);
        Assert.Equal(1000, Fill(Origin.Local, first: 30_000, 1000));
        Assert.Equal(0, Fill(Origin.Local, first: 40_000, 1));
    }

    [Fact]
    public void Sweep_FloodHasTimedOut_PeersFindRoomAgain()
    {
        Fill(Origin.Peer, first: 0, 20_000);
        _time.Advance(TimeSpan.FromSeconds(900));
        Assert.Equal(7000, _table.Sweep());

        Assert.Equal(0, _table.Peers);
        Assert.Equal(7000, Fill(Origin.Peer, first: 0, 20_000));
    }

    [Fact]
    public void Apply_OwnTakesOverPeersConnections_CountsThemAsOwn()
    {
        Fill(Origin.Peer, first: 0, 10);
        Fill(Origin.Local, first: 0, 4);
        Assert.Equal((10, 6), (_table.Count, _table.Peers));
    }

    [Fact]
    public void Limit_Lowered_KeepsWhatIsThereAndTakesNoMore()
    {
        Fill(Origin.Peer, first: 0, 500);
        _table.Limit = 100;
        Assert.Equal(ApplyOutcome.Full, _table.Apply(Entries.Tcp(501), Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(3, state: 5), Origin.Peer));
        Assert.Equal(500, _table.Count);

        _table.Limit = Limit;
        Assert.Equal(ApplyOutcome.Created, _table.Apply(Entries.Tcp(501), Origin.Peer));
    }

    [Theory]
    [InlineData((int)ApplyOutcome.KernelFull)]
    [InlineData((int)ApplyOutcome.MemoryShort)]
    public void PeerBound_Reached_RefusesPeersForItsReasonAndNotOurOwn(int reason)
    {
        _table.PeerBound = new PeerBound(10, (ApplyOutcome)reason);
        Assert.Equal(10, Fill(Origin.Peer, first: 0, 10));
        Assert.Equal((ApplyOutcome)reason, _table.Apply(Entries.Tcp(11), Origin.Peer));
        Assert.Equal(ApplyOutcome.Updated, _table.Apply(Entries.Tcp(3, state: 5), Origin.Peer));
        Assert.Equal(100, Fill(Origin.Local, first: 100, 100));
    }

    /// <summary>Templates of one client with other data are one here, and one more each to the kernel.</summary>
    [Fact]
    public void PeerBound_Reached_RefusesTemplatesWithOtherData()
    {
        ConnectionEntry template = Entries.Tcp(1) with
        {
            Key = Entries.Tcp(1).Key with { IsTemplate = true, ClientPort = 0 },
            Flags = ConnectionFlags.IP_VS_CONN_F_TEMPLATE,
        };
        Assert.Equal(ApplyOutcome.Created, _table.Apply(template, Origin.Peer, new PersistenceData("sip"u8, "one"u8)));
        _table.PeerBound = new PeerBound(1, ApplyOutcome.MemoryShort);

        Assert.Equal(ApplyOutcome.MemoryShort, _table.Apply(template, Origin.Peer, new PersistenceData("sip"u8, "two"u8)));
        Assert.Equal(ApplyOutcome.Unchanged, _table.Apply(template, Origin.Peer, new PersistenceData("sip"u8, "one"u8)));
    }

    /// <summary>Applies entries of distinct connections.</summary>
    /// <returns>How many found room.</returns>
    private int Fill(Origin origin, int first, int count)
        => Enumerable.Range(first, count).Count(number => _table.Apply(Entries.Tcp(number), origin) is ApplyOutcome.Created or ApplyOutcome.Updated);
}
