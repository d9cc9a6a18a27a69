using System.Net.Sockets;
using IpvsSync.Linux.Waiting;

namespace IpvsSync.Daemon.Control;

/// <summary>Ends long work for a client that has closed the connection. Nobody else notices before something is written to it.</summary>
internal sealed class ClientWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _gone;
    private readonly ITimer _timer;

    /// <summary>Begins to watch.</summary>
    /// <param name="stream">The client's stream, which stays open meanwhile. One that is no socket is never gone.</param>
    /// <param name="time">The clock of the looks.</param>
    /// <param name="cancellation">Ends the work, too.</param>
    public ClientWatch(Stream stream, TimeProvider time, CancellationToken cancellation)
    {
        _gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(_ => Look(stream), state: null, s_interval, s_interval);
    }

    /// <summary>Cancelled when the client is gone.</summary>
    public CancellationToken Token => _gone.Token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _gone.Dispose();
    }

    private void Look(Stream stream)
    {
        if (stream is NetworkStream { Socket: var socket } && HangUp.IsThere(socket.SafeHandle))
            _gone.Cancel();
    }
}
