using IpvsSync.Daemon.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon;

/// <summary>The director as the host's service: ready when started, and a reason to end the process when a worker faults.</summary>
internal sealed class DirectorService(Director director, IHostApplicationLifetime lifetime, ILogger<Director> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        director.Faulted += OnFaulted;
        try
        {
            director.Start();
        }
        catch
        {
            director.Stop();
            throw;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (!director.Stop())
            Environment.ExitCode = ExitCodes.Failed;
        return Task.CompletedTask;
    }

    private void OnFaulted(string worker, Exception? fault)
    {
        // A reason that is meant for the operator needs no stack.
        log.WorkerFaulted(worker, fault?.Message ?? "", fault is KernelDoorException ? null : fault);
        Environment.ExitCode = ExitCodes.Failed;
        lifetime.StopApplication();
    }
}
