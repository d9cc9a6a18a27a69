using System.Net.Sockets;
using IpvsSync.Linux.Files;

namespace IpvsSync.Daemon.Control;

/// <summary>Creates the file of the control socket, accessible to owner and group, and replaces one that a dead daemon left.</summary>
internal static class ControlListener
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Listens at <paramref name="path"/>. Disposing the socket removes the file.</summary>
    /// <exception cref="ControlException">Another daemon listens there, or the file cannot be created.</exception>
    public static Socket Open(string path, int backlog)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Bind(socket, path);
            // Nobody can connect before the mode is set: a socket that does not listen refuses connections.
#pragma warning disable CA1416 // The daemon runs only on Linux.
            File.SetUnixFileMode(path, Mode);
#pragma warning restore CA1416
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException or IOException or UnauthorizedAccessException)
                throw new ControlException($"Cannot listen at {path}: {exception.Message} (the directory of ControlSocket must be ours to write)", exception);
            throw;
        }
    }

    private static void Bind(Socket socket, string path)
    {
        if (FileKinds.At(path) != FileKind.None)
            RemoveStale(path);
        socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>Removes a socket at which nobody answers, and nothing else.</summary>
    private static void RemoveStale(string path)
    {
        if (FileKinds.At(path) is not FileKind.Socket and FileKind kind)
            throw new ControlException($"{path} is {FileKinds.Text(kind)}; ControlSocket must be free, or a socket that a daemon has left.");
        // It must not wait: the backlog of a daemon that hangs is full.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ProtocolType)
        {
            throw new ControlException($"Another program has the socket {path}: set another ControlSocket.", exception);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            throw new ControlException($"Another ipvs-syncd is at {path} already and does not answer: end it first, or set another ControlSocket.", exception);
        }

        throw new ControlException($"Another ipvs-syncd answers at {path} already: stop it first, or set another ControlSocket.");
    }
}
