using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Links;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>UDP sockets: multicast on the sync network, and multicast on the loopback to and from the kernel.</summary>
/// <param name="options">Interfaces, groups, ports and socket memory; nothing in them that a reload changes is used.</param>
internal sealed class UdpWires(SyncOptions options) : IWires
{
    /// <inheritdoc/>
    public int Mtu => NetworkInterfaces.Mtu(options.Interface);

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor() => LinkMonitor.Open(Endpoints.Peers(options, lane: 0));

    /// <inheritdoc/>
    public IDatagramSender OpenPeerSender(int lane)
        => MulticastSender.Open(Endpoints.Peers(options, lane), loopback: false, options.SocketBufferSize);

    /// <inheritdoc/>
    public IDatagramReceiver OpenPeerReceiver(int lane) => MulticastReceiver.Open(
        Endpoints.Peers(options, lane), options.SocketBufferSize > 0 ? options.SocketBufferSize : FlowConstants.PeerReceiveBuffer);

    /// <inheritdoc/>
    public IDatagramReceiver OpenStrayReceiver() => MulticastReceiver.Open(Endpoints.Peers(options, options.SyncPorts));

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => MulticastReceiver.Open(Endpoints.Feed(options.Kernel, lane), FlowConstants.FeedReceiveBuffer);

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
}
