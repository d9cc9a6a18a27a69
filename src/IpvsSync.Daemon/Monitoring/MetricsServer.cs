using System.Net.Sockets;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Serves the metrics over HTTP at <c>/metrics</c>, at several addresses. Anybody may connect: the number of connections is bounded for all
/// addresses together, and <see cref="MetricsConnection"/> bounds each. One thread opens and closes it; the thread pool serves.
/// </summary>
/// <param name="metrics">Makes the text of the metrics; called by any thread.</param>
/// <param name="time">The clock of the timeouts.</param>
internal sealed class MetricsServer(Func<string> metrics, TimeProvider time) : IDisposable
{
    /// <summary>The most connections at a time. A further one is closed at once.</summary>
    public const int MaxConnections = 64;

    /// <summary>The pause after the kernel had no descriptor for a connection.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private IReadOnlyList<Socket> _sockets = [];
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <summary>Opens the addresses and begins to serve.</summary>
    /// <exception cref="IOException">An address cannot be used.</exception>
    public void Open(IEnumerable<ListenAddress> addresses)
    {
        _sockets = MetricsSockets.Open(addresses);
        _accepting = Task.WhenAll(_sockets.Select(AcceptAsync));
    }

    /// <summary>Accepts no more connections, and ends those that there are.</summary>
    public async Task CloseAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Socket socket in _sockets)
            socket.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before, or there are no descriptors. The next one may succeed.
                await Task.Delay(s_pause, TimeProvider.System).ConfigureAwait(false);
            }
        }
    }

    private void Serve(Socket client)
    {
        if (Interlocked.Increment(ref _connections) > MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            client.Close(0);
            return;
        }

        CancellationToken stopping = _stopping.Token;
        _ = Task.Run(async () =>
        {
            try
            {
                await new MetricsConnection(client, metrics, time).ServeAsync(stopping).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        });
    }
}
