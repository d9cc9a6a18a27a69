using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// The control socket as a service of the host. It opens before the director touches the kernel, because a socket held by another daemon
/// stops the start, and it closes after the director has stopped.
/// </summary>
internal sealed class ControlService(ControlVerbs verbs, SyncOptions options, TimeProvider time, ILogger<ControlService> log)
    : IHostedService, IDisposable
{
    private readonly ControlServer _server = new(options.ControlSocket, verbs.AnswerAsync, time, ControlRights.Of(options.ControlGroup), log);

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
