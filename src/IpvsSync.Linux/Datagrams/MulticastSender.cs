using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Opens senders to one multicast group from one interface, as the kernel's own sync master sends (spec §0.4).</summary>
public static class MulticastSender
{
    /// <summary>Opens the socket and connects it to the group.</summary>
    /// <param name="endpoint">The group, its port, the interface and the TTL.</param>
    /// <param name="loopback">
    /// Whether receivers on this host get a copy. Needed to reach the kernel's backup on the same host, not wanted towards peers.
    /// </param>
    /// <param name="sendBufferSize">
    /// SO_SNDBUF in bytes; 0 keeps the system's default. With CAP_NET_ADMIN the size may exceed net.core.wmem_max; without it that is the
    /// limit.
    /// </param>
    /// <param name="maxBatch">The maximum number of datagrams handed over with one system call, 1 to 1024.</param>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">
    /// A step was refused. With ENODEV the message names the interfaces that exist. ENETUNREACH: the interface is down, or it is lo and the
    /// group is IPv6, for which lo has no route.
    /// </exception>
    public static UdpSender Open(MulticastEndpoint endpoint, bool loopback = false, int sendBufferSize = 0, int maxBatch = 64)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        KernelHandle socket = MulticastSocket.OpenSender(endpoint, loopback, sendBufferSize);
        try
        {
            return new UdpSender(endpoint, endpoint.IsV6, socket, maxBatch);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
