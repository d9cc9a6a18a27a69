using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>Wires whose sockets on the sync network follow its interface. Those to the kernel are the inner ones.</summary>
/// <param name="inner">Opens the sockets.</param>
/// <param name="link">The interface.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class FollowingWires(IWires inner, SyncLink link, TimeProvider time, ILogger log) : IWires
{
    /// <inheritdoc/>
    /// <remarks>While the interface is absent: as it was before.</remarks>
    public int Mtu => link.Mtu;

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor() => inner.OpenLinkMonitor();

    /// <inheritdoc/>
    public IDatagramSender OpenPeerSender(int lane) => new FollowingSender(link, () => inner.OpenPeerSender(lane), time, log).Open();

    /// <inheritdoc/>
    public IDatagramReceiver OpenPeerReceiver(int lane) => new FollowingReceiver(link, () => inner.OpenPeerReceiver(lane), log).Open();

    /// <inheritdoc/>
    public IDatagramReceiver OpenStrayReceiver() => new FollowingReceiver(link, inner.OpenStrayReceiver, log).Open();

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => inner.OpenFeed(lane);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);
}
