using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Control;

/// <summary>The part of the answer to <c>status</c> about the peers on each link.</summary>
/// <param name="network">The links and ways.</param>
/// <param name="probed">What probes have found out.</param>
internal sealed class PeerLinkReport(SyncNetwork network, IReadOnlyList<ProbeAccount> probed)
{
    /// <summary>The links of a peer, in order.</summary>
    public IReadOnlyList<StatusPeerLink> Of(NumberedInstance peer, long nowMs) => [.. peer.Links.Select(link => Of(peer.Instance, link, nowMs))];

    private StatusPeerLink Of(uint instance, in LinkAccount link, long nowMs)
    {
        (int number, SourceAddress source) = (link.Link, link.Source);
        ProbeAccount found = probed.FirstOrDefault(one => one.Instance == instance && one.Link == number);
        return new StatusPeerLink(
            network.Links[number].Name,
            source.ToString(),
            nowMs - link.HeardMs < FlowConstants.LinkSilentMs ? "heard" : "silent",
            Math.Max(0, nowMs - link.HeardMs) / 1000.0,
            link.Lost,
            link.Left == 0 ? 0 : Math.Round(100.0 * link.Lost / link.Left, 2),
            found.RoundTripMs > 0 ? Math.Round(found.RoundTripMs, 3) : null,
            found.Largest > 0 ? found.Largest + network.Size.Headers : MtuOf(number, source));
    }

    private int? MtuOf(int link, SourceAddress source)
        => network.Paths.FirstOrDefault(path => path.Path.Link == link && path.Path.Peer is { } peer && SourceAddress.From(peer.Address) == source)?.Mtu
        ?? (network.Links[link].Mtu is > 0 and var mtu ? mtu : null);
}
