using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// The control socket: a client sends one line, a <see cref="ControlRequest"/>, gets the lines of the answer and a
/// <see cref="ControlEnd"/> or <see cref="ControlError"/>, and is hung up on. Few clients at a time; one that stalls is given up.
/// One thread opens and closes it; the answers are the thread pool's.
/// </summary>
/// <param name="path">The socket's file.</param>
/// <param name="handle">Answers requests.</param>
/// <param name="time">The clock of the timeout.</param>
/// <param name="log">The log.</param>
internal sealed class ControlServer(string path, ControlHandler handle, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>Clients at the same time; one more is told so.</summary>
    public const int MaxClients = 16;

    /// <summary>Bytes of a request.</summary>
    private const int MaxRequest = 4096;

    /// <summary>How long a client may take for its request.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary>How long what is being answered at the end may go on: the answer to a stop comes last.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _sessions = [.. Enumerable.Repeat(Task.CompletedTask, MaxClients)];
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Opens the socket and answers from now on.</summary>
    /// <exception cref="ControlException">Another daemon answers there, or the file cannot be made.</exception>
    public void Open()
    {
        _socket = ControlListener.Open(path, MaxClients);
        _accepting = AcceptAsync(_socket);
    }

    /// <summary>Takes no more requests, ends what is still being answered after <see cref="s_farewell"/>, closes the socket and removes its file.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        var answered = Task.WhenAll(_sessions);
        await Task.WhenAny(answered, Task.Delay(s_farewell, time)).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await answered.ConfigureAwait(false);
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
                int free = Array.FindIndex(_sessions, session => session.IsCompleted);
                if (free >= 0)
                    _sessions[free] = Task.Run(() => ServeAsync(client, handle));
                else
                    await ServeAsync(client, Refuse).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // This client was gone before it was served, or there are no descriptors left for it: the next may do better.
                await Task.Delay(TimeSpan.FromMilliseconds(10), time).ConfigureAwait(false);
            }
        }
    }

    private static Task Refuse(ControlRequest request, ControlOutput output, CancellationToken cancellation)
        => throw new ControlException($"The daemon answers {MaxClients} clients already.");

    private async Task ServeAsync(Socket client, ControlHandler answer)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        using var output = new ControlOutput(stream, time);
        try
        {
            await AnswerAsync(stream, output, answer).ConfigureAwait(false);
            await output.FlushAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has gone away or stalls, or the daemon stops.
        }
#pragma warning disable CA1031 // A verb that fails is a fault to report, and none of the flow's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.AnswerFailed(exception);
        }
    }

    private async Task AnswerAsync(Stream stream, ControlOutput output, ControlHandler answer)
    {
        try
        {
            ControlRequest request = await ReadAsync(stream).ConfigureAwait(false);
            await answer(request, output, _stopping.Token).ConfigureAwait(false);
            await output.WriteAsync(new ControlEnd(), ControlJson.Default.ControlEnd, _stopping.Token).ConfigureAwait(false);
        }
        catch (ControlException refusal)
        {
            await output.WriteAsync(new ControlError(refusal.Message), ControlJson.Default.ControlError, _stopping.Token).ConfigureAwait(false);
        }
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

    /// <summary>Reads one line, and nothing behind it counts.</summary>
    /// <returns>Its length without its end.</returns>
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
