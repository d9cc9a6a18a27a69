using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Memory;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelRoomTests : IDisposable
{
    private const long Total = 16L << 30;

    private readonly string _root = Directory.CreateTempSubdirectory("kernel-room-").FullName;
    private readonly ConnectionTable _table = new(new FakeTimeProvider());
    private readonly KernelRoom _room;
    private SystemMemory? _memory = new SystemMemory(Total, Total / 2);

    public KernelRoomTests() => _room = new KernelRoom(_table, new IpvsSysctls(_root), () => _memory);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Check_KernelWithALimit_PeersGetItButForAnEighth()
    {
        Limit(80);
        Assert.Equal(70, Fill(Origin.Peer, 0, 100, out ApplyOutcome last));
        Assert.Equal(ApplyOutcome.KernelFull, last);
        Assert.Equal(50, Fill(Origin.Local, 1000, 50, out _));
    }

    [Fact]
    public void Check_ManyOfOurOwn_PeersGetWhatTheyLeave()
    {
        Fill(Origin.Local, 1000, 50, out _);
        Limit(80);
        Assert.Equal(30, Fill(Origin.Peer, 0, 100, out _));
    }

    [Fact]
    public void Check_LimitRaised_PeersFindRoomAgain()
    {
        Limit(80);
        Fill(Origin.Peer, 0, 100, out _);
        Limit(160);
        Assert.Equal(70, Fill(Origin.Peer, 200, 100, out _));
    }

    [Fact]
    public void Check_LimitChanges_SaysWhenItIsRaised()
    {
        Limit(80);
        Assert.False(_room.Check());
        File.WriteAllText(Path.Combine(_root, IpvsSysctls.ConnMax), "160");
        Assert.True(_room.Check());
        Assert.False(_room.Check());
        File.WriteAllText(Path.Combine(_root, IpvsSysctls.ConnMax), "80");
        Assert.False(_room.Check());
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1073741824", 100)]
    [InlineData("what", 100)]
    [InlineData(null, 100)]
    public void Check_OddLimitOrNone_IsAsTheKernelTakesIt(string? limit, int taken)
    {
        Limit(limit);
        Assert.Equal(taken, Fill(Origin.Peer, 0, 100, out _));
    }

    [Fact]
    public void Check_MemoryAlmostGone_PeersGetNoMoreOfIt()
    {
        _memory = new SystemMemory(Total, (Total / 16) + (50 * KernelRoom.ConnectionBytes));
        _room.Check();
        Assert.Equal(50, Fill(Origin.Peer, 0, 100, out ApplyOutcome last));
        Assert.Equal(ApplyOutcome.MemoryShort, last);

        _memory = new SystemMemory(Total, 1);
        _room.Check();
        Assert.Equal(0, Fill(Origin.Peer, 200, 100, out _));
        Assert.Equal(100, Fill(Origin.Local, 400, 100, out _));
    }

    [Fact]
    public void Check_MemoryNotKnown_BoundsNothing()
    {
        _memory = null;
        _room.Check();
        Assert.Equal(100, Fill(Origin.Peer, 0, 100, out _));
    }

    private void Limit(int limit) => Limit(limit.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private void Limit(string? limit)
    {
        if (limit is not null)
            File.WriteAllText(Path.Combine(_root, IpvsSysctls.ConnMax), limit + "\n");
        _room.Check();
    }

    private int Fill(Origin origin, int first, int count, out ApplyOutcome last)
    {
        ApplyOutcome[] outcomes = [.. Enumerable.Range(first, count).Select(number => _table.Apply(Entries.Tcp(number), origin))];
        last = outcomes[^1];
        return outcomes.Count(outcome => outcome == ApplyOutcome.Created);
    }
}
