using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Hosting.Systemd;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Tells systemd once a second that every worker moves, which feeds its watchdog, and now and then what the director does. Used by the
/// sweeper: when that hangs, nothing is told either.
/// </summary>
/// <param name="notifier">The way to systemd.</param>
/// <param name="status">What is told.</param>
internal sealed class ServiceReporter(ISystemdNotifier notifier, ServiceStatus status)
{
    /// <summary>Seconds between two lines about what the director does.</summary>
    public const int StatusSeconds = 5;

    private int _second;

    /// <summary>Says that all is well.</summary>
    /// <param name="role">The pipelines that run.</param>
    /// <param name="connections">Connections in the table.</param>
    public void Report(Role role, int connections)
    {
        bool isDue = _second++ % StatusSeconds == 0;
        notifier.Notify(new ServiceState(isDue ? $"WATCHDOG=1\nSTATUS={status.Next(role, connections)}" : "WATCHDOG=1"));
    }
}
