namespace IpvsSync.Daemon.Peers;

/// <summary>
/// Finds the peers that fall silent, come back, start anew or number their messages no more. An instance that another one has followed is
/// forgotten. For one thread, about once a second.
/// </summary>
internal sealed class PeerWatch
{
    /// <summary>Milliseconds by which the last messages of an instance may be read after the first ones of the next, on another lane.</summary>
    private const long OverlapMs = 1000;

    // Instances that are silent, with the time at which they were heard last; those of each kind that are told of.
    private readonly Dictionary<uint, long> _lost = [];
    private readonly HashSet<uint> _followed = [];
    private readonly HashSet<uint> _unnumbered = [];

    /// <summary>Looks at all peers.</summary>
    /// <param name="lanes">The numbers by lane.</param>
    /// <param name="peers">The peers by address.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>What has happened since the last call.</returns>
    public IReadOnlyList<PeerChange> Check(IReadOnlyList<LaneWindows> lanes, IReadOnlyList<PeerSnapshot> peers, long nowMs)
    {
        IReadOnlyList<NumberedInstance> known = PeerAccounts.Instances(lanes);
        List<PeerChange> changes = [];
        foreach (NumberedInstance instance in known)
        {
            PeerChange? change = instance.IsSilentAt(nowMs) ? OfSilent(instance, known, lanes, peers, nowMs) : OfHeard(instance);
            if (change is { } news)
                changes.Add(news);
        }

        ForgetAllBut([.. known.Select(instance => instance.Instance)]);
        return changes;
    }

    private PeerChange? OfHeard(in NumberedInstance instance)
    {
        _unnumbered.Remove(instance.Instance);
        return _lost.Remove(instance.Instance, out long lastMs) ? Change(PeerChangeKind.HeardAgain, instance, instance.HeardMs - lastMs) : null;
    }

    private PeerChange? OfSilent(
        NumberedInstance instance, IReadOnlyList<NumberedInstance> known, IReadOnlyList<LaneWindows> lanes, IReadOnlyList<PeerSnapshot> peers, long nowMs)
    {
        if (FollowerOf(instance, known, nowMs) is var follower and not 0)
        {
            foreach (LaneWindows lane in lanes)
                lane.Follow(instance.Instance, follower);
            return _followed.Add(instance.Instance) ? Change(PeerChangeKind.Followed, instance, nowMs - instance.HeardMs, follower) : null;
        }

        if (IsHeardWithoutNumbers(instance, peers, nowMs) && !known.Any(other => other.SharesAddress(instance) && !other.IsSilentAt(nowMs)))
            return _unnumbered.Add(instance.Instance) ? Change(PeerChangeKind.Unnumbered, instance, nowMs - instance.HeardMs) : null;
        bool isNews = instance.IsEstablished && !_unnumbered.Contains(instance.Instance) && _lost.TryAdd(instance.Instance, instance.HeardMs);
        return isNews ? Change(PeerChangeKind.Lost, instance, nowMs - instance.HeardMs) : null;
    }

    /// <summary>The instance that speaks from the same address, and does so since this one does not; 0 if there is none.</summary>
    private static uint FollowerOf(NumberedInstance instance, IReadOnlyList<NumberedInstance> known, long nowMs) => known
        .Where(other => other.SharesAddress(instance) && !other.IsSilentAt(nowMs) && other.SinceMs > instance.HeardMs - OverlapMs)
        .OrderByDescending(other => other.HeardMs).FirstOrDefault().Instance;

    private static bool IsHeardWithoutNumbers(NumberedInstance instance, IReadOnlyList<PeerSnapshot> peers, long nowMs) => peers.Any(
        peer => peer.Address is { } address && instance.IsAt(address) && peer.HeardMs - instance.HeardMs >= FlowConstants.PeerSilentMs
            && nowMs - peer.HeardMs < FlowConstants.PeerSilentMs);

    private void ForgetAllBut(HashSet<uint> known)
    {
        foreach (uint instance in _lost.Keys.Where(instance => !known.Contains(instance)).ToArray())
            _lost.Remove(instance);
        _followed.IntersectWith(known);
        _unnumbered.IntersectWith(known);
    }

    private static PeerChange Change(PeerChangeKind kind, in NumberedInstance instance, long silentMs, uint follower = 0)
        => new(kind, instance.Source, instance.Instance, follower, instance.HeardMs - instance.KnownMs, silentMs);
}
