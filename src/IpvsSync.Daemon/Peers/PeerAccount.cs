namespace IpvsSync.Daemon.Peers;

/// <summary>All that is known of a peer.</summary>
/// <param name="Peer">What was received from it.</param>
/// <param name="Numbers">What became of its numbers; null if it has never numbered its messages.</param>
internal sealed record PeerAccount(PeerSnapshot Peer, NumbersAccount? Numbers)
{
    /// <summary>
    /// Whether its messages have numbers. Not those of a peer that goes on without them: a kernel's daemon, or an older one, has followed.
    /// </summary>
    public bool IsNumbered => Numbers is { } numbers && Peer.HeardMs - numbers.Latest.HeardMs < FlowConstants.PeerSilentMs;

    /// <summary>Whether it is there.</summary>
    public PeerState StateAt(long nowMs)
    {
        if (IsNumbered && Numbers!.Latest.IsEstablished && Peer.Address is not null)
            return Numbers.Latest.IsSilentAt(nowMs) ? PeerState.Lost : PeerState.Heard;
        return nowMs - Peer.HeardMs < FlowConstants.PeerForgetSoonMs ? PeerState.Heard : PeerState.Silent;
    }
}
