using System.Net.Sockets;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>UDP sockets: multicast and unicast on the sync network, and multicast on the loopback to and from the kernel.</summary>
/// <param name="options">Interfaces, groups, ports and socket memory; nothing in them that a reload changes is used.</param>
internal sealed class UdpSockets(SyncOptions options) : ISockets
{
    /// <inheritdoc/>
    public IReadOnlyList<SyncPath> Paths => SyncPaths.Of(options);

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor(string name)
    {
        SyncPath path = Paths.FirstOrDefault(path => path.Interface == name) ?? Paths[0] with { Interface = name };
        return path.Peer is null ? LinkMonitor.Open(Endpoints.Group(options, lane: 0, name)) : LinkMonitor.Open(Endpoints.Peer(options, lane: 0, path));
    }

    /// <inheritdoc/>
    public IPathSender OpenSender(int lane, SyncPath path) => new UdpPathSender(path.Peer is null
        ? MulticastSender.Open(Endpoints.Group(options, lane, path.Interface), loopback: false, options.SocketBufferSize)
        : UnicastSender.Open(Endpoints.Peer(options, lane, path), options.SocketBufferSize));

    /// <inheritdoc/>
    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup)
    {
        // What comes behind the last lane is only counted.
        bool isRead = lane < options.SyncPorts;
        int size = !isRead ? 0 : options.SocketBufferSize > 0 ? options.SocketBufferSize : FlowConstants.PeerReceiveBuffer;
        return isGroup
            ? MulticastReceiver.Open(Endpoints.Group(options, lane, name), size, inPieces: isRead)
            : UnicastReceiver.Open(name, options.Port + lane, Families, isShared: options.Group is not null, size, inPieces: isRead);
    }

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => MulticastReceiver.Open(Endpoints.Feed(options.Kernel, lane), FlowConstants.FeedReceiveBuffer);

    /// <inheritdoc/>
    public IFeedRing? OpenRing(out FeedRefusal? refusal)
    {
        FeedLoad load = NetworkNamespace.Cookie() is { } cookie
            ? FeedHandover.Ask(options.Kernel.FeedLoader, cookie, FlowConstants.FeedLoadTimeout)
            : new FeedLoad(null, new FeedRefusal(FeedRefusalKind.Unsupported, "network namespaces have no numbers before Linux 5.14"));
        refusal = load.Refusal;
        try
        {
            return load.Descriptors is null ? null : FeedRing.Open(load.Descriptors);
        }
        catch (KernelException exception)
        {
            refusal = new FeedRefusal(FeedRefusalKind.Failed, exception.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane)
    {
        MulticastEndpoint endpoint = Endpoints.Inject(options.Kernel, lane);
        var probe = UdpQueueProbe.Open(endpoint.Interface);
        try
        {
            return new UdpInjectorWire(endpoint, MulticastSender.Open(endpoint, loopback: true, options.SocketBufferSize), probe);
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    private AddressFamilies Families => options.Peers.Aggregate(
        AddressFamilies.None,
        (families, peer) => families | (peer.Address.AddressFamily == AddressFamily.InterNetworkV6 ? AddressFamilies.IPv6 : AddressFamilies.IPv4));
}
