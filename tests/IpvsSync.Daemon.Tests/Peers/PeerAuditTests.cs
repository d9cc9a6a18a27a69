using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Tests.Peers;

/// <summary>When an audit asks for what differs, cell by cell, and for everything.</summary>
public sealed class PeerAuditTests
{
    private readonly PeerAudit _audit = new(lane: 0, lanes: 1);
    private readonly ulong[] _theirs = new ulong[CellSum.Groups];

    /// <summary>What a peer refuses is told ever more seldom, but never given up: some day it may take it.</summary>
    [Fact]
    public void CompareCell_DiffersInEachDigest_IsAskedForAsLongAsItDiffers()
    {
        List<int> asked = [];
        for (int digest = 1; digest <= 1000; digest++)
        {
            Digest();
            _audit.CompareCell(7, theirs: 1, ours: 0);
            if (TakeWanted())
                asked.Add(digest);
        }

        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 384, 512, 640, 768, 896], asked);
    }

    /// <summary>The sums of cells are sent to all, whoever has asked for them.</summary>
    [Fact]
    public void CompareCell_SumsComeSeveralTimes_CountOnceForADigest()
    {
        Digest();
        for (int times = 0; times < 5; times++)
            _audit.CompareCell(7, theirs: 1, ours: 0);
        Assert.False(TakeWanted());
        Assert.Equal(1, _audit.Differing);
        Digest();
        _audit.CompareCell(7, theirs: 1, ours: 0);
        Assert.True(TakeWanted());
    }

    [Fact]
    public void CompareCell_EqualSumsLaterInADigest_AreTaken()
    {
        Digest();
        _audit.CompareCell(7, theirs: 1, ours: 0);
        _audit.CompareCell(7, theirs: 1, ours: 1);
        Assert.Equal(0, _audit.Differing);
        Digest();
        _audit.CompareCell(7, theirs: 1, ours: 0);
        Assert.False(TakeWanted());
    }

    /// <summary>What has gone missing since everything was asked for is not in what is told then.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(5000)]
    public void WantAll_SoonAfterTheLastTime_IsAskedForAtItsTime(int afterMs)
    {
        const long Begin = 1_000_000;
        _audit.WantAll(Begin);
        Assert.Equal(Begin, _audit.AllDueMs);
        List<long> asked = [];
        for (long nowMs = Begin; nowMs < Begin + (3 * FlowConstants.AllAgainMs); nowMs += 10)
        {
            if (nowMs == Begin + afterMs)
                _audit.WantAll(nowMs);
            if (_audit.AllDueMs > nowMs)
                continue;
            asked.Add(nowMs - Begin);
            _audit.NoteAllAsked(nowMs);
        }

        long again = FlowConstants.AllAgainMs;
        Assert.Equal([0, 50, 250, 1250, again, again + 50, again + 250, again + 1250], asked);
    }

    /// <summary>A digest is compared whose groups all differ.</summary>
    private void Digest()
    {
        _theirs.AsSpan().Fill(1);
        _audit.CompareGroups(_theirs, new NoSums(), owner: 1);
        _audit.NoteAnswered();
    }

    private bool TakeWanted() => _audit.Wanted.Take(new ushort[CellSum.Cells]) > 0;

    private sealed class NoSums : IPeerSums
    {
        public ulong Peer(byte owner, int cell) => 0;

        public byte FindFree(Func<byte, bool> isTaken) => 0;
    }
}
