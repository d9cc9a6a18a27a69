using IpvsSync.Daemon.Kernel;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PushRhythmTests
{
    private const int Interval = 5;

    private readonly PushRhythm _rhythm = new(Ms(Interval));

    public PushRhythmTests() => Assert.True(_rhythm.IsDue(false, Ms(0))); // the first push, before there is traffic

    [Fact]
    public void IsDue_NoTraffic_NeverPushes()
    {
        for (int now = 1; now < 2000; now++)
            Assert.False(_rhythm.IsDue(false, Ms(now)));
    }

    [Fact]
    public void IsDue_FirstPacketAfterAPause_PushesAtTheNextLookAndOnceOnlyWhenNothingFollows()
    {
        Assert.False(_rhythm.IsDue(true, Ms(1000)));
        Assert.True(_rhythm.IsDue(false, Ms(1001)));
        for (int now = 1002; now < 1500; now++)
            Assert.False(_rhythm.IsDue(false, Ms(now)));
    }

    [Fact]
    public void IsDue_PacketSeenWithThePush_IsPushedForOnceMore()
    {
        _rhythm.IsDue(true, Ms(1000));
        Assert.True(_rhythm.IsDue(true, Ms(1001)));

        Assert.Equal([1006], Pushes(1002, 1500, _ => false));
    }

    [Fact]
    public void IsDue_SteadyTraffic_PushesOnceAnInterval()
        => Assert.Equal([1001, 1006, 1011, 1016], Pushes(1000, 1020, _ => true));

    [Fact]
    public void IsDue_TrafficEnds_IsFollowedByOneMorePush()
        => Assert.Equal([1001, 1006, 1011], Pushes(1000, 1100, now => now <= 1006));

    [Theory]
    [InlineData(199, 1)]
    [InlineData(200, Interval)]
    public void Wait_Traffic_IsLookedForMoreOften(int sinceLastPacket, int wait)
    {
        _rhythm.IsDue(true, Ms(1000));

        Assert.Equal(Ms(wait), _rhythm.Wait(Ms(1000 + sinceLastPacket)));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private List<int> Pushes(int from, int to, Func<int, bool> moved)
    {
        List<int> pushes = [];
        for (int now = from; now < to; now++)
        {
            if (_rhythm.IsDue(moved(now), Ms(now)))
                pushes.Add(now);
        }

        return pushes;
    }
}
