using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Tests.Datagrams;

/// <summary>Endpoints on this host that nobody else uses.</summary>
internal static class Loopback
{
    /// <summary>A group on lo with a port that is free now, and random enough to stay so.</summary>
    public static MulticastEndpoint V4() => new() { Interface = "lo", Group = IPAddress.Parse("239.255.77.88"), Port = FreePort() };

    /// <summary>The same with IPv6, on the first interface that has a route for it; skips the test if none has.</summary>
    public static MulticastEndpoint V6()
    {
        foreach (string name in NetworkInterfaces.Names())
        {
            // A hop limit of 0 stays on this host.
            var endpoint = new MulticastEndpoint { Interface = name, Group = IPAddress.Parse("ff02::4d58"), Port = FreePort(), Ttl = 0 };
            try
            {
                MulticastSender.Open(endpoint).Dispose();
                return endpoint;
            }
            catch (KernelException)
            {
                // Down, or without a route for IPv6 groups, as lo usually is.
            }
        }

        Assert.Skip("No interface of this host can send to an IPv6 group.");
        throw new InvalidOperationException();
    }

    public static MulticastEndpoint Of(bool v6) => v6 ? V6() : V4();

    public static DatagramBuffer[] Buffers(int count, int capacity) =>
        [.. Enumerable.Range(0, count).Select(_ => new DatagramBuffer(capacity))];

    /// <summary>Datagrams of the given lengths, each filled with its number.</summary>
    public static DatagramBuffer[] Numbered(params int[] lengths) => [.. lengths.Select((length, number) =>
    {
        var buffer = new DatagramBuffer(Math.Max(length, 1)) { Length = length };
        buffer.Space.Fill((byte)number);
        return buffer;
    })];

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
