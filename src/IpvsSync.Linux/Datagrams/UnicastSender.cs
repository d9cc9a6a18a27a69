using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Opens senders to one host through one interface. What they send is never cut into fragments: a datagram that is larger than the path's MTU is refused
/// (<see cref="UdpSender.Refusal"/>, <see cref="UdpSender.PathMtu"/>).
/// </summary>
public static class UnicastSender
{
    /// <summary>Opens the socket and connects it to the host. Nothing is sent, and the host need not be there.</summary>
    /// <param name="endpoint">The host, its port and the interface.</param>
    /// <param name="sendBufferSize">SO_SNDBUF in bytes; see <see cref="MulticastSender.Open"/>.</param>
    /// <param name="maxBatch">The maximum number of datagrams handed over with one system call, 1 to 1024.</param>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">
    /// A step was refused. With ENODEV the message names the interfaces that exist. ENETUNREACH: the interface is down, or has no route to the host.
    /// </exception>
    public static UdpSender Open(UnicastEndpoint endpoint, int sendBufferSize = 0, int maxBatch = 64)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        KernelHandle socket = UnicastSocket.OpenSender(endpoint, sendBufferSize);
        try
        {
            return new UdpSender(endpoint, endpoint.IsV6, socket, maxBatch, isWhole: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
