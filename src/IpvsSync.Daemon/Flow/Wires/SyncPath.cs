using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A way on which every message leaves: to the group or to one host, from one interface.</summary>
/// <param name="Link">The place of the interface in <see cref="SyncOptions.Interface"/>.</param>
/// <param name="Interface">Its name.</param>
/// <param name="Peer">The host; null: the group.</param>
internal sealed record SyncPath(int Link, string Interface, PeerAddress? Peer)
{
    /// <summary>The text for people: <c>10.0.0.2 on eth1</c>, <c>the group on eth1</c>.</summary>
    public override string ToString() => $"{(Peer is null ? "the group" : Peer.ToString())} on {Interface}";
}
