using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Opens receivers of one multicast group on one interface. The socket is bound to the group, the port and the interface, and joined on
/// the interface. It does not receive what other sockets of the host joined elsewhere (spec §0.4).
/// </summary>
/// <remarks>Several receivers, in any process, may be open for the same endpoint; each receives every datagram.</remarks>
public static class MulticastReceiver
{
    /// <summary>Opens the socket and joins the group.</summary>
    /// <param name="endpoint">The group, its port and the interface. The TTL is ignored.</param>
    /// <param name="receiveBufferSize">
    /// SO_RCVBUF in bytes; 0 keeps the system's default. With CAP_NET_ADMIN the size may exceed net.core.rmem_max; without it that is the
    /// limit.
    /// </param>
    /// <param name="maxBatch">The maximum number of datagrams received with one system call, 1 to 1024.</param>
    /// <param name="inPieces">
    /// Whether the kernel may hand over several datagrams of one sender in one piece (UDP_GRO), which saves it work if they were sent so. Takes
    /// up to 2 MB of memory.
    /// </param>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">
    /// A step was refused; with ENODEV the message names the interfaces that exist. EADDRINUSE: another socket uses the port without
    /// sharing it.
    /// </exception>
    public static UdpReceiver Open(MulticastEndpoint endpoint, int receiveBufferSize = 0, int maxBatch = 64, bool inPieces = false)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        KernelHandle socket = MulticastSocket.OpenReceiver(endpoint, receiveBufferSize);
        try
        {
            return new UdpReceiver(endpoint, socket, maxBatch, inPieces);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
