using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Hosting.Systemd;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Reports to systemd once per second that every worker makes progress, which resets its watchdog, and from time to time what the director
/// does. The sweeper calls it: if the sweeper hangs, nothing is reported either.
/// </summary>
/// <param name="notifier">The connection to systemd.</param>
/// <param name="status">Makes the status line.</param>
internal sealed class ServiceReporter(ISystemdNotifier notifier, ServiceStatus status)
{
    /// <summary>Seconds between two status lines.</summary>
    public const int StatusSeconds = 5;

    private int _second;

    /// <summary>Reports that all workers make progress.</summary>
    /// <param name="role">The role in force.</param>
    /// <param name="connections">The number of connections in the table.</param>
    public void Report(Role role, int connections)
    {
        bool isDue = _second++ % StatusSeconds == 0;
        notifier.Notify(new ServiceState(isDue ? $"WATCHDOG=1\nSTATUS={status.Next(role, connections)}" : "WATCHDOG=1"));
    }
}
