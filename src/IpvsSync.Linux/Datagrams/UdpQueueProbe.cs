using System.Net;

namespace IpvsSync.Linux.Datagrams;

/// <summary>stub</summary>
public sealed class UdpQueueProbe : IDisposable
{
    private UdpQueueProbe()
    {
    }

    /// <summary>Opens it.</summary>
    /// <param name="interfaceName">The interface that the socket asked for listens on; null if it does not matter.</param>
    public static UdpQueueProbe Open(string? interfaceName = null)
    {
        _ = interfaceName;
        return new UdpQueueProbe();
    }

    /// <summary>The queue of the socket bound to that group and port, or null if there is none.</summary>
    public UdpQueue? Query(IPAddress group, int port) => throw new NotImplementedException();

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
    }
}
