using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Commands.Demo;

namespace IpvsSync.Daemon.Tests;

/// <summary>
/// Ports that nobody has and nobody else gets: whoever asks for one binds it later. Each is given once, and all are below those that a demo
/// chooses and that the system gives to clients. Any thread.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 5_000;
    private const int Highest = 10_000;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    /// <summary>A TCP port.</summary>
    public static int Tcp() => First(count: 1, SocketType.Stream);

    /// <summary>A multicast group, and consecutive UDP ports.</summary>
    public static DemoNetwork Network(int ports)
        => new(new IPAddress([239, 255, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(256)]), First(ports, SocketType.Dgram));

    private static int First(int count, SocketType type)
    {
        int first;
        do
            first = Random.Shared.Next(Lowest, Highest - count);
        while (!Enumerable.Range(first, count).All(port => IsFree(port, type) && s_given.TryAdd(port, true)));
        Children.AwaitRun();
        return first;
    }

    private static bool IsFree(int port, SocketType type)
    {
        using Socket probe = new(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
