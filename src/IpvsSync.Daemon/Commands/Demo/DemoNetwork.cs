using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>A sync network for one demo: a group and ports on the loopback that nobody else is likely to use.</summary>
/// <param name="Group">The multicast group, which routers do not forward (RFC 2365).</param>
/// <param name="Port">The first port.</param>
internal sealed record DemoNetwork(IPAddress Group, int Port)
{
    /// <summary>The interface.</summary>
    public const string Interface = "lo";

    private const int LowestPort = 10_000;
    private const int HighestPort = 32_000; // the ports that the system gives to clients start above
    private const int Attempts = 50;

    /// <summary>Finds <paramref name="ports"/> consecutive free ports, and a random group.</summary>
    /// <exception cref="IOException">All ports that were tried are in use.</exception>
    public static DemoNetwork Choose(int ports)
    {
        for (int i = 0; i < Attempts; i++)
        {
            int first = Random.Shared.Next(LowestPort, HighestPort - ports);
            if (Enumerable.Range(first, ports).All(IsFree))
                return new DemoNetwork(new IPAddress([239, 255, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(256)]), first);
        }

        throw new IOException($"no {ports} free UDP ports in a row found between {LowestPort} and {HighestPort}");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
