using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>The addresses and ports of each lane's messages.</summary>
internal static class Endpoints
{
    /// <summary>Where the directors of the sync network send and listen, on one interface.</summary>
    /// <param name="options">The configuration, with a group.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="name">The interface.</param>
    public static MulticastEndpoint Group(SyncOptions options, int lane, string name)
        => new() { Interface = name, Group = options.Group!, Port = options.Port + lane, Ttl = options.Ttl };

    /// <summary>Where a peer listens.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="path">The way to it.</param>
    public static UnicastEndpoint Peer(SyncOptions options, int lane, SyncPath path)
        => new() { Interface = path.Interface, Address = path.Peer!.Address, Port = (path.Peer.Port == 0 ? options.Port : path.Peer.Port) + lane };

    /// <summary>Where this director's kernel master sends.</summary>
    public static MulticastEndpoint Feed(KernelOptions kernel, int lane) => ToKernel(kernel, kernel.FeedGroup, kernel.FeedPort + lane);

    /// <summary>Where this director's kernel backup listens.</summary>
    public static MulticastEndpoint Inject(KernelOptions kernel, int lane) => ToKernel(kernel, kernel.InjectGroup, kernel.InjectPort + lane);

    private static MulticastEndpoint ToKernel(KernelOptions kernel, IPAddress group, int port)
        => new() { Interface = kernel.Interface, Group = group, Port = port, Ttl = 1 };
}
