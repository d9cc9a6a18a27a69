using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>
/// Every peer of this director, one object each, for all that receive, send and report. At most <see cref="FlowConstants.MaxPeers"/>
/// have a place; the others are one peer together. A peer that is <see cref="PeerState.Silent"/> gives its place to the next; one that is heard does not, whoever comes. Any
/// thread; readers and the receivers of known peers take no lock.
/// </summary>
/// <param name="lanes">Lanes of this director.</param>
internal sealed class PeerRegistry(int lanes)
{
    private readonly Lock _lock = new();
    private volatile Peer[] _peers = [];
    private volatile Peer _others = new(address: null, lanes, admittedMs: 0);

    // While all places are taken: no peer is silent before. It saves a look at every peer for each message of one without a place.
    private long _fullUntilMs = long.MinValue;

    /// <summary>What was received from each peer, by address, the others last. Those that have said nothing are left out.</summary>
    public IReadOnlyList<PeerSnapshot> Snapshots =>
    [
        .. _peers.Append(_others).Select(peer => peer.Snapshot).Where(peer => peer.Messages > 0)
            .OrderBy(peer => peer.Address is null).ThenBy(peer => peer.Address?.IsIPv6).ThenBy(peer => peer.Address?.Number),
    ];

    /// <summary>The peer with an address, which is given a place if it has none; the others together while no place is free.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public Peer Find(in SourceAddress source, long nowMs) => Known(source) ?? (nowMs < Volatile.Read(ref _fullUntilMs) ? _others : Admit(source, nowMs));

    /// <summary>Forgets all peers. No receiver runs meanwhile.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (Peer peer in _peers)
                peer.Forget();
            _others.Forget();
            _peers = [];
            _others = new Peer(address: null, lanes, admittedMs: 0);
            Volatile.Write(ref _fullUntilMs, long.MinValue);
        }
    }

    private Peer? Known(in SourceAddress source)
    {
        foreach (Peer peer in _peers)
        {
            if (peer.Is(source))
                return peer;
        }

        return null;
    }

    private Peer Admit(in SourceAddress source, long nowMs)
    {
        lock (_lock)
        {
            if (Known(source) is { } known)
                return known;
            Peer[] kept = _peers;
            if (kept.Length == FlowConstants.MaxPeers && !TryForgetOldest(ref kept, nowMs))
                return _others;
            Peer added = new(source, lanes, nowMs);
            _peers = [.. kept, added];
            return added;
        }
    }

    /// <summary>Removes the peer that has been silent for longest from <paramref name="peers"/>, if one is.</summary>
    private bool TryForgetOldest(ref Peer[] peers, long nowMs)
    {
        Peer oldest = peers.MinBy(peer => peer.SilentAtMs)!;
        long silentAtMs = oldest.SilentAtMs;
        if (nowMs < silentAtMs)
        {
            Volatile.Write(ref _fullUntilMs, silentAtMs);
            return false;
        }

        oldest.Forget();
        peers = Array.FindAll(peers, peer => peer != oldest);
        return true;
    }
}
