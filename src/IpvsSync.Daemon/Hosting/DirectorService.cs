using System.Runtime.InteropServices;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Hosting;

/// <summary>
/// The director as a service of the host: ready once started. SIGHUP reloads its policy, and a worker's fault ends the process. If systemd
/// started the process, the watchdog is kept informed.
/// </summary>
internal sealed class DirectorService(
    Director director, DirectorControl control, IHostApplicationLifetime lifetime, ILogger<Director> log, ServiceReporter? reporter = null)
    : IHostedService
{
    private PosixSignalRegistration? _hangup;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        director.Faulted += OnFaulted;
        if (reporter is not null)
            director.Moved += () => reporter.Report(director.Options.Role, director.Table.Count);
        try
        {
            director.Start();
        }
        catch
        {
            director.Stop();
            throw;
        }

        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangup);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _hangup?.Dispose();
        if (!control.Stop())
            Environment.ExitCode = ExitCodes.Failed;
        return Task.CompletedTask;
    }

    private void OnHangup(PosixSignalContext context)
    {
        context.Cancel = true; // the signal's default action ends the process
        try
        {
            control.Reload();
        }
        catch (Exception exception) when (exception is ConfigurationException or KernelException or KernelSessionException or IOException or OperationCanceledException)
        {
            // The log has the reason.
        }
    }

    private void OnFaulted(string worker, Exception? fault)
    {
        // A reason that is meant for the operator needs no stack trace.
        log.WorkerFaulted(worker, fault?.Message ?? "", fault is KernelSessionException ? null : fault);
        Environment.ExitCode = ExitCodes.Failed;
        lifetime.StopApplication();
    }
}
