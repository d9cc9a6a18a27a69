using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>
/// Opens receivers of what is sent to any address of this host through one interface. They receive no multicast. The socket is bound to the interface, so
/// it is deaf once that is made again.
/// </summary>
public static class UnicastReceiver
{
    /// <summary>Opens the socket.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="port">The UDP port, 1 to 65535.</param>
    /// <param name="families">The families of addresses that are received from.</param>
    /// <param name="isShared">
    /// Whether other sockets of the host may use the port, such as those of a group. If not, no other program can take a part of what comes.
    /// </param>
    /// <param name="receiveBufferSize">SO_RCVBUF in bytes; see <see cref="MulticastReceiver.Open"/>.</param>
    /// <param name="maxBatch">The maximum number of datagrams received with one system call, 1 to 1024.</param>
    /// <param name="inPieces">See <see cref="MulticastReceiver.Open"/>.</param>
    /// <exception cref="KernelException">
    /// A step was refused; with ENODEV the message names the interfaces that exist. EADDRINUSE: another socket uses the port.
    /// </exception>
    public static UdpReceiver Open(
        string name,
        int port,
        AddressFamilies families = AddressFamilies.IPv4,
        bool isShared = false,
        int receiveBufferSize = 0,
        int maxBatch = 64,
        bool inPieces = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        KernelHandle socket = UnicastSocket.OpenReceiver(name, port, families, isShared, receiveBufferSize);
        try
        {
            return new UdpReceiver($"port {port} on {name}", socket, maxBatch, inPieces);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
