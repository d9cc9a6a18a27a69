using IpvsSync.Daemon.Options;

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

    /// <summary>Reports that all workers make progress.</summary>
    /// <param name="role">The role in force.</param>
    /// <param name="connections">The number of connections in the table.</param>
    /// <param name="link">The condition of the sync interface, if it is not up; null if it is.</param>
    public void Report(Role role, int connections, string? link = null)
    {
        bool isDue = _second++ % StatusSeconds == 0;
        notify(isDue ? $"WATCHDOG=1\nSTATUS={status.Next(role, connections, link)}" : "WATCHDOG=1");
    }
}
