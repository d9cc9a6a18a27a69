using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Opens and configures the two kinds of multicast sockets, each in the order that the kernel requires.</summary>
internal static class MulticastSocket
{
    internal static KernelHandle OpenReceiver(MulticastEndpoint endpoint, int bufferSize)
    {
        uint index = NetworkInterfaces.Require(endpoint.Interface);
        KernelHandle socket = UdpSocket.Open(endpoint.IsV6, $"open a socket for {endpoint}");
        try
        {
            string listen = $"listen to {endpoint}";
            KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR, 1, listen);
            UdpSocket.BindToDevice(socket, endpoint.Interface, listen);
            UdpSocket.SetReceiveBuffer(socket, bufferSize, listen);
            Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
            int length = SocketAddress.Write(address, endpoint.Group, endpoint.Port, index);
            KernelSocket.Bind(socket, address[..length], listen);
            Join(socket, endpoint, index);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static KernelHandle OpenSender(MulticastEndpoint endpoint, bool loopback, int bufferSize)
    {
        uint index = NetworkInterfaces.Require(endpoint.Interface);
        KernelHandle socket = UdpSocket.Open(endpoint.IsV6, $"open a socket for {endpoint}");
        try
        {
            string send = $"send to {endpoint}";
            UdpSocket.SetSendBuffer(socket, bufferSize, send);
            if (endpoint.IsV6)
                SetUpSender6(socket, endpoint, index, loopback, send);
            else
                SetUpSender4(socket, endpoint, index, loopback, send);
            Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
            int length = SocketAddress.Write(address, endpoint.Group, endpoint.Port, index);
            KernelSocket.Connect(socket, address[..length], send);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Join(KernelHandle socket, MulticastEndpoint endpoint, uint index)
    {
        string join = $"join {endpoint}";
        if (!endpoint.IsV6)
        {
            KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_MULTICAST_ALL, 0, join);
            byte[] request = SocketAddress.MulticastRequest(endpoint.Group, index);
            KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_ADD_MEMBERSHIP, request, join);
            return;
        }

        int errno = KernelSocket.TrySetOption(socket, LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_MULTICAST_ALL, 0);
        if (errno is not (0 or Errno.ENOPROTOOPT))
            throw new KernelException(join, errno);
        byte[] request6 = SocketAddress.MulticastRequest6(endpoint.Group, index);
        KernelSocket.SetOption(socket, LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_ADD_MEMBERSHIP, request6, join);
    }

    private static void SetUpSender4(KernelHandle socket, MulticastEndpoint endpoint, uint index, bool loopback, string operation)
    {
        void Set(int option, int value) => KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, option, value, operation);

        byte[] request = SocketAddress.MulticastRequest(System.Net.IPAddress.Any, index);
        KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_MULTICAST_IF, request, operation);
        Set(LinuxIn.IP_MULTICAST_TTL, endpoint.Ttl);
        Set(LinuxIn.IP_MULTICAST_LOOP, loopback ? 1 : 0);
        Set(LinuxIn.IP_MTU_DISCOVER, LinuxIn.IP_PMTUDISC_DONT);
    }

    private static void SetUpSender6(KernelHandle socket, MulticastEndpoint endpoint, uint index, bool loopback, string operation)
    {
        void Set(int option, int value) => KernelSocket.SetOption(socket, LinuxIn6.IPPROTO_IPV6, option, value, operation);

        Set(LinuxIn6.IPV6_MULTICAST_IF, (int)index);
        Set(LinuxIn6.IPV6_MULTICAST_HOPS, endpoint.Ttl);
        Set(LinuxIn6.IPV6_MULTICAST_LOOP, loopback ? 1 : 0);
        Set(LinuxIn6.IPV6_MTU_DISCOVER, LinuxIn6.IPV6_PMTUDISC_DONT);
    }
}
