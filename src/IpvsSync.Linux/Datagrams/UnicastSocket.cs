using System.Net;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Links;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Opens and configures the two kinds of unicast sockets, each in the order that the kernel requires.</summary>
internal static class UnicastSocket
{
    internal static KernelHandle OpenReceiver(string name, int port, AddressFamilies families, bool isShared, int bufferSize)
    {
        uint index = NetworkInterfaces.Require(name);
        string listen = $"listen to port {port} on {name}";
        bool isV6 = families.HasFlag(AddressFamilies.IPv6);
        KernelHandle socket = UdpSocket.Open(isV6, listen);
        try
        {
            if (isShared)
                KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR, 1, listen);
            UdpSocket.BindToDevice(socket, name, listen);
            UdpSocket.SetReceiveBuffer(socket, bufferSize, listen);
            if (isV6)
                KernelSocket.SetOption(socket, LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_V6ONLY, families == AddressFamilies.IPv6 ? 1 : 0, listen);
            RefuseGroups(socket, isV6);
            Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
            int length = SocketAddress.Write(address, isV6 ? IPAddress.IPv6Any : IPAddress.Any, port, index);
            KernelSocket.Bind(socket, address[..length], listen);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static KernelHandle OpenSender(UnicastEndpoint endpoint, int bufferSize)
    {
        uint index = NetworkInterfaces.Require(endpoint.Interface);
        string send = $"send to {endpoint}";
        KernelHandle socket = UdpSocket.Open(endpoint.IsV6, send);
        try
        {
            UdpSocket.BindToDevice(socket, endpoint.Interface, send);
            UdpSocket.SetSendBuffer(socket, bufferSize, send);
            if (endpoint.IsV6)
                KernelSocket.SetOption(socket, LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_MTU_DISCOVER, LinuxIn6.IPV6_PMTUDISC_DO, send);
            else
                KernelSocket.SetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_MTU_DISCOVER, LinuxIn.IP_PMTUDISC_DO, send);
            Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
            int length = SocketAddress.Write(address, endpoint.Address, endpoint.Port, endpoint.Address.IsIPv6LinkLocal ? index : 0);
            KernelSocket.Connect(socket, address[..length], send);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Without it, a socket of any address receives the groups that other sockets of the host have joined. An older kernel does not know it for IPv6.
    private static void RefuseGroups(KernelHandle socket, bool isV6)
    {
        _ = KernelSocket.TrySetOption(socket, LinuxIn.IPPROTO_IP, LinuxIn.IP_MULTICAST_ALL, 0);
        if (isV6)
            _ = KernelSocket.TrySetOption(socket, LinuxIn6.IPPROTO_IPV6, LinuxIn6.IPV6_MULTICAST_ALL, 0);
    }
}
