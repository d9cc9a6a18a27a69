using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// The control socket. A client sends one line, a <see cref="ControlRequest"/>, and gets the lines of the answer and a
/// <see cref="ControlEnd"/> or <see cref="ControlError"/>; then the server closes the connection. The number of clients is limited; one
/// that stalls is dropped. One thread opens and closes the socket; the thread pool runs the answers.
/// </summary>
/// <param name="path">The path of the socket.</param>
/// <param name="handle">Answers requests.</param>
/// <param name="time">The clock of the timeout.</param>
/// <param name="rights">Who may ask for what.</param>
/// <param name="log">The log.</param>
internal sealed class ControlServer(string path, ControlHandler handle, TimeProvider time, ControlRights rights, ILogger log) : IDisposable
{
    /// <summary>The maximum number of simultaneous clients. Further clients get an error.</summary>
    public const int MaxClients = 16;

    /// <summary>The maximum size of a request in bytes.</summary>
    private const int MaxRequest = 4096;

    /// <summary>How long a client may take to send its request.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary>How long answers may continue after the server starts to close: the answer to a stop comes last.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly RefusalLog _refusals = new(time, log);
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _sessions = [.. Enumerable.Repeat(Task.CompletedTask, MaxClients)];
    private readonly Task[] _refused = [.. Enumerable.Repeat(Task.CompletedTask, MaxClients)];
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Opens the socket and starts to answer.</summary>
    /// <exception cref="ControlException">Another daemon answers there, or the file cannot be created.</exception>
    public void Open()
    {
        _socket = ControlListener.Open(path, MaxClients);
        _accepting = AcceptAsync(_socket);
    }

    /// <summary>
    /// Accepts no more requests, ends unfinished answers after <see cref="s_farewell"/>, closes the socket and removes its file.
    /// </summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        var answered = Task.WhenAll([.. _sessions, .. _refused]);
        await Task.WhenAny(answered, Task.Delay(s_farewell, time)).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        // A change that hangs cannot be cancelled, and must not hold up the end.
        await Task.WhenAny(answered, Task.Delay(s_farewell, time)).ConfigureAwait(false);
        _socket?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _closing.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (true)
        {
            try
            {
                Socket client = await socket.AcceptAsync(_closing.Token).ConfigureAwait(false);
                // A refusal waits for the request, too: the next client must not wait with it.
                if (!TryServe(client, handle, _sessions) && !TryServe(client, Refuse, _refused))
                    client.Dispose();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was served, or no descriptors are left for it. The next one may succeed.
                await Task.Delay(TimeSpan.FromMilliseconds(10), time).ConfigureAwait(false);
            }
        }
    }

    private bool TryServe(Socket client, ControlHandler answer, Task[] places)
    {
        int free = Array.FindIndex(places, place => place.IsCompleted);
        if (free >= 0)
            places[free] = Task.Run(() => ServeAsync(client, answer));
        return free >= 0;
    }

    private static Task Refuse(ControlRequest request, ControlOutput output, CancellationToken cancellation)
        => throw new ControlException($"The daemon answers {MaxClients} clients already.");

    private async Task ServeAsync(Socket client, ControlHandler answer)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        using var output = new ControlOutput(stream, time);
        try
        {
            await AnswerAsync(stream, output, ControlPeer.Of(client), answer).ConfigureAwait(false);
            await output.FlushAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The client has closed the connection or stalls, or the daemon stops.
        }
#pragma warning disable CA1031 // A verb that fails is logged and does not affect the flow.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.AnswerFailed(exception);
        }
    }

    private async Task AnswerAsync(Stream stream, ControlOutput output, ControlPeer peer, ControlHandler answer)
    {
        try
        {
            ControlRequest request = await ReadAsync(stream).ConfigureAwait(false);
            RequireRights(peer, request.Verb);
            await answer(request, output, _stopping.Token).ConfigureAwait(false);
            await output.WriteAsync(new ControlEnd(), ControlJson.Default.ControlEnd, _stopping.Token).ConfigureAwait(false);
        }
        catch (ControlException refusal)
        {
            await output.WriteAsync(new ControlError(refusal.Message), ControlJson.Default.ControlError, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <exception cref="ControlException">The client may read, but not change.</exception>
    private void RequireRights(ControlPeer peer, string? verb)
    {
        if (rights.Allow(peer, verb))
            return;
        _refusals.Note(peer, verb);
        throw new ControlException("You may read, but not change: ask as root, as the daemon's user, or as a member of ControlGroup.");
    }

    private async Task<ControlRequest> ReadAsync(Stream stream)
    {
        byte[] text = new byte[MaxRequest];
        int length = await ReadLineAsync(stream, text).ConfigureAwait(false);
        try
        {
            ControlRequest? request = JsonSerializer.Deserialize(text.AsSpan(0, length), ControlJson.Default.ControlRequest);
            return request?.Version == ControlRequest.CurrentVersion
                ? request
                : throw new ControlException($"This daemon speaks version {ControlRequest.CurrentVersion} of the control protocol, not {request?.Version}.");
        }
        catch (JsonException exception)
        {
            throw new ControlException($"The request is no line of JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Reads one line and ignores everything after it.</summary>
    /// <returns>The length of the line without its end, in bytes.</returns>
    private async Task<int> ReadLineAsync(Stream stream, byte[] text)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        for (int length = 0; length < text.Length;)
        {
            int more = await stream.ReadAsync(text.AsMemory(length), either.Token).ConfigureAwait(false);
            int end = text.AsSpan(length, more).IndexOf((byte)'\n');
            if (end >= 0)
                return length + end;
            if (more == 0)
                throw new IOException("The client hung up.");
            length += more;
        }

        throw new ControlException($"A request has at most {MaxRequest} bytes.");
    }
}
