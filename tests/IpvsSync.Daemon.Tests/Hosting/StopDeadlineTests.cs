using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Tests.Flow;

namespace IpvsSync.Daemon.Tests.Hosting;

/// <summary>A stop that takes too long is ended; one that ends in time, or has not begun, is not.</summary>
public sealed class StopDeadlineTests
{
    private int _late;

    [Fact]
    public void Begin_StopThatDoesNotEnd_IsLateOnce()
    {
        StopDeadline deadline = Make(TimeSpan.FromMilliseconds(20));
        deadline.Begin();
        deadline.Begin();

        Until.True(() => Volatile.Read(ref _late) > 0);
        deadline.End();
        Assert.Equal(1, _late);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void End_InTime_IsNotLate(bool hasBegun)
    {
        StopDeadline deadline = Make(TimeSpan.FromDays(1));
        if (hasBegun)
            deadline.Begin();
        deadline.End();

        Assert.Equal(0, _late);
    }

    private StopDeadline Make(TimeSpan limit) => new(limit, () => Interlocked.Increment(ref _late));
}
