using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace IpvsSync.Daemon.Control;

/// <summary>Sends one request to a daemon over its control socket. One thread.</summary>
internal sealed class ControlClient : IDisposable
{
    /// <summary>How long the daemon may be silent. It may read the kernel's table several times for one answer.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_verifyTimeout = TimeSpan.FromMinutes(10);

    /// <summary>How long a daemon that accepts no connections may leave one waiting, when its backlog is full.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    private const string BrokenOff = "The daemon broke off in the middle of its answer.";
    private const string Stranger = "What answers there is no ipvs-syncd.";
    private const string Silence = "The daemon is there and does not answer: it hangs, or is stopped.";

    private readonly NetworkStream _stream;
    private readonly TimeSpan? _timeout;

    private ControlClient(Socket socket, TimeSpan? timeout)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _timeout = timeout;
    }

    /// <summary>Connects to the daemon at <paramref name="path"/>.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <param name="timeout">How long the daemon may be silent; the default is the longest time that the request may take.</param>
    /// <exception cref="ControlException">No daemon answers there.</exception>
    public static ControlClient Connect(string path, TimeSpan? timeout = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.SendTimeout = (int)(timeout ?? s_connectTimeout).TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new ControlClient(socket, timeout);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new ControlException(Reason(path, exception), exception);
        }
    }

    /// <summary>Sends <paramref name="request"/> and returns the lines of the answer as they arrive, without the last.</summary>
    /// <exception cref="ControlException">The daemon refuses the request, or closes the connection early.</exception>
    public IEnumerable<string> Ask(ControlRequest request)
    {
        _stream.ReadTimeout = (int)(_timeout ?? (request.Verb == ControlRequest.Verify ? s_verifyTimeout : s_timeout)).TotalMilliseconds;
        using var reader = new StreamReader(_stream, Encoding.UTF8);
        for (string? line = First(request, reader); !IsEnd(line); line = Next(reader))
            yield return line!;
    }

    /// <summary>Sends <paramref name="request"/> and hands over the lines of the answer as they arrive, several at once, without the last.</summary>
    /// <exception cref="ControlException">The daemon refuses the request, or closes the connection early.</exception>
    public void Copy(ControlRequest request, LinesHandler handle)
    {
        _stream.ReadTimeout = (int)(_timeout ?? s_timeout).TotalMilliseconds;
        Send(request);
        var pump = new AnswerPump(_stream);
        bool isBegun = false;
        string? last = null;
        while (last is null)
        {
            ReadOnlySpan<byte> lines = TryRead(pump, out last, out bool isEnd);
            if (lines.Length > 0)
            {
                if (!isBegun && lines[0] != '{')
                    throw new ControlException(Stranger);
                isBegun = true;
                handle(lines);
            }

            if (isEnd && last is null)
                throw new ControlException(BrokenOff);
        }

        IsEnd(last);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string Reason(string path, Exception exception) => (exception as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"{path}: permission denied; ask as root, or as a member of the socket's group.",
        SocketError.ConnectionRefused => $"No daemon answers at {path}: what is there was left by one that has ended.",
        SocketError.WouldBlock or SocketError.TimedOut => $"The daemon at {path} is there and does not answer: it hangs, or is stopped.",
        _ when !Path.Exists(path) => $"No daemon answers at {path}: there is no such socket. Does ipvs-syncd run, and is its ControlSocket this one?",
        _ => $"No daemon answers at {path}: {exception.Message}",
    };

    private string? First(ControlRequest request, StreamReader reader)
    {
        Send(request);
        return Next(reader);
    }

    private void Send(ControlRequest request)
    {
        try
        {
            _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n']);
        }
        catch (IOException)
        {
            // The daemon may have closed the connection with the reason.
        }
    }

    private static ReadOnlySpan<byte> TryRead(AnswerPump pump, out string? last, out bool isEnd)
    {
        try
        {
            return pump.Read(out last, out isEnd);
        }
        catch (IOException exception) when (IsTimeout(exception))
        {
            throw new ControlException(Silence, exception);
        }
        catch (IOException)
        {
            (last, isEnd) = (null, true);
            return default;
        }
    }

    private static string? Next(StreamReader reader)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (IOException exception) when (IsTimeout(exception))
        {
            throw new ControlException(Silence, exception);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsTimeout(IOException exception)
        => exception.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    private static bool IsEnd(string? line)
    {
        if (line is null)
            throw new ControlException(BrokenOff);
        if (!line.StartsWith('{'))
            throw new ControlException(Stranger);
        if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
            throw new ControlException(JsonSerializer.Deserialize(line, ControlJson.Default.ControlError)?.Error ?? line);
        return line.StartsWith("{\"done\":", StringComparison.Ordinal);
    }
}
