using IpvsSync.Daemon.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// Connects the host to signals and systemd. The lifetimes of the framework leave some signals to their default action, which ends the
/// process, and wait for systemd to read.
/// </summary>
/// <param name="application">The host's events.</param>
/// <param name="life">The process around the host.</param>
/// <param name="signals">The process's signals.</param>
/// <param name="reloads">Gets SIGHUP.</param>
/// <param name="systemd">Null without systemd.</param>
internal sealed class DaemonLifetime(
    IHostApplicationLifetime application, DaemonLife life, ProcessSignals signals, ReloadRequests reloads, ServiceNotifier? systemd = null)
    : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        application.ApplicationStarted.Register(OnStarted);
        application.ApplicationStopping.Register(OnStopping);
        signals.OnReload(reloads.Ask);
        life.Attach(application);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void OnStarted()
    {
        systemd?.Ready();
        reloads.Open();
    }

    private void OnStopping()
    {
        life.BeginStop();
        reloads.Close();
        systemd?.Stopping();
    }
}
