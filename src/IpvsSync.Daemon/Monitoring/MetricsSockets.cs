using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>Opens the sockets of the metrics listener.</summary>
internal static class MetricsSockets
{
    private const int Backlog = 16;

    /// <summary>Opens a socket for each address. A name is resolved now, and all its addresses that this system has are used.</summary>
    /// <exception cref="IOException">One of <paramref name="addresses"/> cannot be used; no socket stays open.</exception>
    public static IReadOnlyList<Socket> Open(IEnumerable<ListenAddress> addresses)
    {
        List<Socket> sockets = [];
        try
        {
            foreach (ListenAddress address in addresses)
                sockets.AddRange(Open(address));
            return sockets;
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    private static List<Socket> Open(ListenAddress address)
    {
        SocketException? refused = null;
        List<Socket> sockets = [];
        foreach (IPAddress ip in Resolve(address))
        {
            try
            {
                sockets.Add(Open(new IPEndPoint(ip, address.Port)));
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                refused = exception;
            }
            catch (SocketException exception)
            {
                sockets.ForEach(socket => socket.Dispose());
                throw Refused(address, exception);
            }
        }

        return sockets.Count > 0 || refused is null ? sockets : throw Refused(address, refused);
    }

    private static Socket Open(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = endpoint.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress[] Resolve(ListenAddress address)
    {
        if (address.Host == ListenAddress.Any)
            return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        if (IPAddress.TryParse(address.Host, out IPAddress? ip))
            return [ip];
        try
        {
            return Dns.GetHostAddresses(address.Host);
        }
        catch (SocketException exception)
        {
            throw Refused(address, exception);
        }
    }

    private static IOException Refused(ListenAddress address, SocketException exception)
        => new($"cannot listen to Metrics:Listen {address}: {exception.Message}", exception);
}
