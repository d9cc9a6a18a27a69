using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// The director as a service of the host: ready once started. A worker's fault ends the process. If systemd started the process, the
/// watchdog is kept informed.
/// </summary>
internal sealed class DirectorService(
    Director director, DirectorControl control, IHostApplicationLifetime lifetime, ILogger<Director> log, ServiceReporter? reporter = null)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        director.Faulted += OnFaulted;
        if (reporter is not null)
            director.Moved += () => reporter.Report(director.Options.Role, director.Table.Count, director.Network.Fault, director.Resync);
        director.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (!control.Stop() || !director.Stopping.IsClean)
            Environment.ExitCode = ExitCodes.Failed;
        return Task.CompletedTask;
    }

    private void OnFaulted(string worker, Exception? fault)
    {
        // A reason that is meant for the operator needs no stack trace.
        log.WorkerFaulted(worker, fault?.Message ?? "", fault is KernelSessionException ? null : fault);
        Environment.ExitCode = ExitCodes.Failed;
        lifetime.StopApplication();
    }
}
