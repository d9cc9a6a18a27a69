using IpvsSync.Daemon.Kernel;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PushPacerTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private readonly PushPacer _pacer = new(s_interval);

    public PushPacerTests() => Assert.True(_pacer.IsDue(false)); // the first push, before there is traffic

    [Fact]
    public void IsDue_NoTraffic_NeverPushes() => Assert.Empty(Pushes(2000, _ => false));

    [Fact]
    public void IsDue_OnePacketAfterAPause_PushesAtOnceAndOnceMore() => Assert.Equal([7, 8], Pushes(500, look => look == 7));

    [Fact]
    public void IsDue_SteadyTraffic_PushesAtEachLook() => Assert.Equal([0, 1, 2, 3], Pushes(4, _ => true));

    [Fact]
    public void IsDue_TrafficEnds_PushesOnceMore() => Assert.Equal([0, 1, 2, 3], Pushes(100, look => look < 3));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(199, 1)]
    [InlineData(200, 2)]
    [InlineData(100_000, 2)]
    public void Wait_NoTrafficForASecond_IsTwiceTheInterval(int looksInVain, int intervals)
    {
        _pacer.IsDue(true);

        Pushes(looksInVain, _ => false);
        Assert.Equal(intervals * s_interval, _pacer.Wait);
        _pacer.IsDue(true);
        Assert.Equal(s_interval, _pacer.Wait);
    }

    [Fact]
    public void Looks_SteadyTraffic_OneTurnOfEightUntilALookFindsNone()
    {
        List<int> looks = [];
        for (int turn = 0; turn < 50; turn++)
        {
            if (_pacer.Looks)
                looks.Add(turn);
            Assert.True(_pacer.IsDue(true));
        }

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 24, 32, 40, 48], looks);
        while (!_pacer.Looks)
            _pacer.IsDue(true);
        _pacer.IsDue(false);
        Assert.True(_pacer.Looks);
    }

    private List<int> Pushes(int looks, Func<int, bool> moved) => [.. Enumerable.Range(0, looks).Where(look => _pacer.IsDue(moved(look)))];
}
