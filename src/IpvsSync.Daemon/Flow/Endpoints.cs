using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow;

/// <summary>Where messages meet, by lane.</summary>
internal static class Endpoints
{
    /// <summary>On the sync network, with the peers.</summary>
    public static MulticastEndpoint Wire(SyncOptions options, int lane)
        => new() { Interface = options.Interface, Group = options.Group, Port = options.Port + lane, Ttl = options.Ttl };

    /// <summary>The kernel's master speaks here.</summary>
    public static MulticastEndpoint Feed(KernelOptions kernel, int lane) => Meeting(kernel, kernel.FeedGroup, kernel.FeedPort + lane);

    /// <summary>The kernel's backup listens here.</summary>
    public static MulticastEndpoint Inject(KernelOptions kernel, int lane) => Meeting(kernel, kernel.InjectGroup, kernel.InjectPort + lane);

    private static MulticastEndpoint Meeting(KernelOptions kernel, IPAddress group, int port)
        => new() { Interface = kernel.Interface, Group = group, Port = port, Ttl = 1 };
}
