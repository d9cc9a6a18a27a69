using System.Net.Sockets;
using System.Text;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// systemd's socket for messages of a service (sd_notify(3)). It is opened once, so that a process without descriptors can still send, and
/// never waits. For one thread.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket;
    private readonly UnixDomainSocketEndPoint _systemd;

    private NotifySocket(Socket socket, UnixDomainSocketEndPoint systemd) => (_socket, _systemd) = (socket, systemd);

    /// <summary>Opens it.</summary>
    /// <param name="address">NOTIFY_SOCKET: an absolute path, which need not exist yet, or an abstract name that begins with an at sign.</param>
    /// <exception cref="IOException">The address is none, or no socket can be opened.</exception>
    public static NotifySocket Open(string address)
    {
        try
        {
            if (address is not ['/' or '@', _, ..])
                throw new IOException($"NOTIFY_SOCKET '{address}' is neither an absolute path nor an abstract name");
            var systemd = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address);
            return new NotifySocket(new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false }, systemd);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new IOException($"NOTIFY_SOCKET '{address}': {exception.Message}", exception);
        }
    }

    /// <summary>Sends one message, or nothing if there is no room.</summary>
    /// <exception cref="KernelException">There is no room, or nobody listens.</exception>
    public void Send(string message)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), SocketFlags.None, _systemd);
        }
        catch (SocketException exception)
        {
            // The runtime's own words for a path that is gone are about addresses.
            throw new KernelException("send to NOTIFY_SOCKET", exception.NativeErrorCode);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
