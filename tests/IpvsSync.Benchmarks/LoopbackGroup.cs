using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Benchmarks;

/// <summary>Multicast groups on lo that nothing else uses.</summary>
internal static class LoopbackGroup
{
    /// <summary>Returns one of them.</summary>
    public static MulticastEndpoint Next() => new() { Interface = "lo", Group = IPAddress.Parse("239.255.77.90"), Port = FreePort(), Ttl = 0 };

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
