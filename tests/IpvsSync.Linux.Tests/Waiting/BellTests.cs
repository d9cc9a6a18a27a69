using System.Diagnostics;
using IpvsSync.Linux.Waiting;

namespace IpvsSync.Linux.Tests.Waiting;

public sealed class BellTests
{
    private readonly Bell _bell = new();

    [Fact]
    public void Wait_RungBefore_ReturnsAtOnceAndOnlyOnce()
    {
        _bell.Ring();
        _bell.Ring();

        Assert.True(_bell.Wait(Timeout.InfiniteTimeSpan));
        Assert.False(_bell.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Wait_NeverRung_LastsAsLongAsAsked()
    {
        var watch = Stopwatch.StartNew();
        TimeSpan left;
        while ((left = TimeSpan.FromMilliseconds(30) - watch.Elapsed) > TimeSpan.Zero)
            Assert.False(_bell.Wait(left));
    }

    [Fact]
    public void Wait_MoreThanASecond_IsWokenAllTheSame()
    {
        var waiting = new Thread(() => Assert.True(WaitUntilRung()));
        waiting.Start();
        _bell.Ring();

        Assert.True(waiting.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Ring_OverAndOver_NoneIsLost()
    {
        // Each waits for the other's ring: one that is lost stops both.
        const int Turns = 20_000;
        var answer = new Bell();
        var other = new Thread(() =>
        {
            for (int turn = 0; turn < Turns; turn++)
            {
                WaitUntilRung();
                answer.Ring();
            }
        });
        other.Start();
        for (int turn = 0; turn < Turns; turn++)
        {
            _bell.Ring();
            while (!answer.Wait(Timeout.InfiniteTimeSpan))
                continue;
        }

        Assert.True(other.Join(TimeSpan.FromSeconds(30)));
    }

    private bool WaitUntilRung()
    {
        while (!_bell.Wait(TimeSpan.FromHours(1)))
            continue;
        return true;
    }
}
