using System.Diagnostics;
using IpvsSync.Linux.Waiting;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// Ends a process whose stop does not end. Its thread waits for nothing but the system's clock, and runs from the beginning: a process
/// that cannot make threads any more can still be stopped. Any thread may call its members.
/// </summary>
internal sealed class StopDeadline
{
    private readonly WakeEvent _wake = new();
    private volatile bool _hasBegun;
    private volatile bool _isOver;

    /// <summary>Starts the thread.</summary>
    /// <param name="limit">How long a stop may take.</param>
    /// <param name="late">Called when it takes longer; ends the process.</param>
    public StopDeadline(TimeSpan limit, Action late) => new Thread(() => Watch(limit, late)) { Name = "deadline", IsBackground = true }.Start();

    /// <summary>The stop begins. Later calls change nothing.</summary>
    public void Begin()
    {
        _hasBegun = true;
        _wake.Set();
    }

    /// <summary>There is no deadline any more.</summary>
    public void End()
    {
        _isOver = true;
        Begin();
    }

    private void Watch(TimeSpan limit, Action late)
    {
        while (!_hasBegun)
            _wake.Wait(Timeout.InfiniteTimeSpan);
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan left = limit; left > TimeSpan.Zero && !_isOver; left = limit - Stopwatch.GetElapsedTime(start))
            _wake.Wait(left);
        if (!_isOver)
            late();
    }
}
