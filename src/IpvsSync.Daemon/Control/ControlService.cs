using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// The control socket as the host's service. It opens before the director touches the kernel, since a socket that another daemon holds
/// stops the start, and closes after the director has stopped.
/// </summary>
internal sealed class ControlService(ControlVerbs verbs, SyncOptions options, TimeProvider time, ILogger<ControlService> log)
    : IHostedService, IDisposable
{
    private readonly ControlServer _server = new(options.ControlSocket, verbs.AnswerAsync, time, log);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _server.Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.CloseAsync();

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();
}
