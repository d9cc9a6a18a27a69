using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Wires whose sockets on the sync network follow their interfaces: each message leaves on all ways, and what comes on any link is heard. Those to the
/// kernel are the inner ones.
/// </summary>
/// <param name="inner">Opens the sockets.</param>
/// <param name="network">The interfaces and the ways.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class FollowingWires(ISockets inner, SyncNetwork network, TimeProvider time, ILogger log) : IWires
{
    /// <inheritdoc/>
    public WireSize Size => network.Size;

    /// <inheritdoc/>
    public IReadOnlyList<ProbePath> Paths { get; } = new LivePaths(network.Paths);

    /// <inheritdoc/>
    public IDatagramSender OpenPeerSender(int lane)
    {
        List<FollowingSender> senders = [];
        try
        {
            foreach (PathState path in network.Paths)
                senders.Add(new FollowingSender(() => path.Link, () => path.Watch(inner.OpenSender(lane, path.Path)), time, log).Open());
        }
        catch
        {
            senders.ForEach(sender => sender.Dispose());
            throw;
        }

        return senders.Count == 1 ? senders[0] : new FanOutSender(senders);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LinkReceiver> OpenPeerReceivers(int lane)
    {
        List<LinkReceiver> receivers = [];
        try
        {
            foreach (SyncLink link in network.Links)
            {
                foreach (bool isGroup in network.Listens)
                    receivers.Add(new LinkReceiver(link.Number, link.Name, OpenReceiver(lane, link, isGroup)));
            }
        }
        catch
        {
            receivers.ForEach(receiver => receiver.Socket.Dispose());
            throw;
        }

        return receivers;
    }

    /// <inheritdoc/>
    public IDatagramReceiver OpenStrayReceiver() => OpenReceiver(network.Lanes, network.Links[0], network.Listens[0]);

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => inner.OpenFeed(lane);

    /// <inheritdoc/>
    public IFeedRing? OpenRing(out FeedRefusal? refusal) => inner.OpenRing(out refusal);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => inner.OpenInjector(lane);

    private FollowingReceiver OpenReceiver(int lane, SyncLink link, bool isGroup)
        => new FollowingReceiver(link, () => inner.OpenReceiver(lane, link.Name, isGroup), log).Open();

    /// <summary>The ways as they are now: a peer may move to another link.</summary>
    private sealed class LivePaths(IReadOnlyList<PathState> paths) : IReadOnlyList<ProbePath>
    {
        public int Count => paths.Count;

        public ProbePath this[int index] => Of(paths[index]);

        public IEnumerator<ProbePath> GetEnumerator() => paths.Select(Of).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        private static ProbePath Of(PathState state) => new(state.Path.Link, state.Path.Peer is { } peer ? SourceAddress.From(peer.Address) : null);
    }
}
