using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>The group and port of each lane's messages.</summary>
internal static class Endpoints
{
    /// <summary>Where the directors of the sync network send and listen.</summary>
    public static MulticastEndpoint Peers(SyncOptions options, int lane)
        => new() { Interface = options.Interface, Group = options.Group, Port = options.Port + lane, Ttl = options.Ttl };

    /// <summary>Where this director's kernel master sends.</summary>
    public static MulticastEndpoint Feed(KernelOptions kernel, int lane) => ToKernel(kernel, kernel.FeedGroup, kernel.FeedPort + lane);

    /// <summary>Where this director's kernel backup listens.</summary>
    public static MulticastEndpoint Inject(KernelOptions kernel, int lane) => ToKernel(kernel, kernel.InjectGroup, kernel.InjectPort + lane);

    private static MulticastEndpoint ToKernel(KernelOptions kernel, IPAddress group, int port)
        => new() { Interface = kernel.Interface, Group = group, Port = port, Ttl = 1 };
}
