using System.Diagnostics;
using IpvsSync.Linux.Waiting;

namespace IpvsSync.Linux.Tests.Waiting;

public sealed class WakeEventTests
{
    private readonly WakeEvent _wake = new();

    [Fact]
    public void Wait_RungBefore_ReturnsAtOnceAndOnlyOnce()
    {
        _wake.Set();
        _wake.Set();

        Assert.True(_wake.Wait(Timeout.InfiniteTimeSpan));
        Assert.False(_wake.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Wait_NeverRung_LastsAsLongAsAsked()
    {
        var watch = Stopwatch.StartNew();
        TimeSpan left;
        while ((left = TimeSpan.FromMilliseconds(30) - watch.Elapsed) > TimeSpan.Zero)
            Assert.False(_wake.Wait(left));
    }

    [Fact]
    public void Wait_MoreThanASecond_IsWokenAllTheSame()
    {
        var waiting = new Thread(() => Assert.True(WaitUntilRung()));
        waiting.Start();
        _wake.Set();

        Assert.True(waiting.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Set_OverAndOver_NoneIsLost()
    {
        // Each waits for the other's ring: one that is lost stops both.
        const int Turns = 20_000;
        var answer = new WakeEvent();
        var other = new Thread(() =>
        {
            for (int turn = 0; turn < Turns; turn++)
            {
                WaitUntilRung();
                answer.Set();
            }
        });
        other.Start();
        for (int turn = 0; turn < Turns; turn++)
        {
            _wake.Set();
            while (!answer.Wait(Timeout.InfiniteTimeSpan))
                continue;
        }

        Assert.True(other.Join(TimeSpan.FromSeconds(30)));
    }

    private bool WaitUntilRung()
    {
        while (!_wake.Wait(TimeSpan.FromHours(1)))
            continue;
        return true;
    }
}
