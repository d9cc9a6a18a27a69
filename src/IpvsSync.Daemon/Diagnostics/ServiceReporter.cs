using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Reports to systemd once per second that every worker makes progress, which resets its watchdog, and from time to time what the director
/// does. The sweeper calls it, and does not wait: if the sweeper hangs, nothing is reported either.
/// </summary>
/// <param name="notify">Passes a message on to systemd; see <see cref="ServiceNotifier.Post"/>.</param>
/// <param name="status">Makes the status line.</param>
internal sealed class ServiceReporter(Action<string> notify, ServiceStatus status)
{
    /// <summary>Seconds between two status lines.</summary>
    public const int StatusSeconds = 5;

    private int _second;
    private bool _wasOpen;

    /// <summary>Reports that all workers make progress. The status is told each second while the gate is closed, and once more when it opens.</summary>
    /// <param name="role">The role in force.</param>
    /// <param name="connections">The number of connections in the table.</param>
    /// <param name="link">The condition of the sync interface, if it is not up; null if it is.</param>
    /// <param name="resync">How far the director is that learns.</param>
    public void Report(Role role, int connections, string? link, ResyncSnapshot resync)
    {
        bool isDue = _second++ % StatusSeconds == 0 || !_wasOpen || !resync.IsOpen;
        _wasOpen = resync.IsOpen;
        notify(isDue ? $"WATCHDOG=1\nSTATUS={status.Next(role, connections, link, resync)}" : "WATCHDOG=1");
    }
}
