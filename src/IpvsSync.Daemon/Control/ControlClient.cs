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
        try
        {
            _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n']);
        }
        catch (IOException)
        {
            // The daemon may have closed the connection with the reason.
        }

        return Next(reader);
    }

    private static string? Next(StreamReader reader)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
        {
            throw new ControlException("The daemon is there and does not answer: it hangs, or is stopped.", exception);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsEnd(string? line)
    {
        if (line is null)
            throw new ControlException("The daemon broke off in the middle of its answer.");
        if (!line.StartsWith('{'))
            throw new ControlException("What answers there is no ipvs-syncd.");
        if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
            throw new ControlException(JsonSerializer.Deserialize(line, ControlJson.Default.ControlError)?.Error ?? line);
        return line.StartsWith("{\"done\":", StringComparison.Ordinal);
    }
}
