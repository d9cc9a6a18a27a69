using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Control;

/// <summary>A clock that stands still, except that each timer makes it jump to the timer's due time at once.</summary>
internal sealed class LeapingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            Advance(dueTime);
        return timer;
    }
}
