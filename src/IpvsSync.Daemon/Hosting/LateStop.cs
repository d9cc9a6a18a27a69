using IpvsSync.Daemon.Flow;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Hosting;

/// <summary>The last attempt of a process whose stop has taken too long.</summary>
internal sealed class LateStop(Director director, DirectorControl control, ILogger<Director> log)
{
    /// <summary>How long the answer to whoever asked for the stop may take.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>Says what hangs, puts the kernel back with a connection of its own, and answers the client that asked for the stop.</summary>
    public void Run()
    {
        log.StopHangs(DaemonLife.StopLimit.TotalSeconds, director.Stopping.Current);
        control.Abandon();
        Thread.Sleep(s_farewell);
    }
}
