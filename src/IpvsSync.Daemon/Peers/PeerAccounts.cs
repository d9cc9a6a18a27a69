using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>Brings together what the registry knows of the peers, by address, and what the lanes know of their numbers, by instance.</summary>
internal static class PeerAccounts
{
    /// <summary>All peers, as the registry orders them. There are as many at most, however many instances somebody forges.</summary>
    /// <param name="peers">The peers by address.</param>
    /// <param name="lanes">The numbers by lane; none if nobody looks at them.</param>
    public static IReadOnlyList<PeerAccount> Of(IReadOnlyList<PeerSnapshot> peers, IReadOnlyList<LaneWindows> lanes)
    {
        HashSet<SourceAddress> placed = [.. peers.Where(peer => peer.Address is not null).Select(peer => peer.Address!.Value)];
        ILookup<SourceAddress?, (int Lane, InstanceSnapshot Known)> known = OnLanes(lanes).ToLookup(found => placed.Contains(found.Known.Source) ? (SourceAddress?)found.Known.Source : null);
        return [.. peers.Select(peer => new PeerAccount(
            peer, NumbersOf([.. known[peer.Address]], peer.Address is null ? Forgotten(lanes) : default)))];
    }

    /// <summary>Every instance that is known on any lane.</summary>
    public static IReadOnlyList<NumberedInstance> Instances(IReadOnlyList<LaneWindows> lanes)
        => [.. OnLanes(lanes).GroupBy(found => found.Known.Instance, found => found.Known).Select(NumberedInstance.Of)];

    private static IEnumerable<(int Lane, InstanceSnapshot Known)> OnLanes(IReadOnlyList<LaneWindows> lanes)
        => lanes.SelectMany((windows, lane) => windows.Snapshots.Select(known => (lane, known)));

    private static NumbersAccount? NumbersOf((int Lane, InstanceSnapshot Known)[] found, WindowCounts forgotten)
    {
        if (found.Length == 0)
            return null;
        NumberedInstance latest = found.GroupBy(on => on.Known.Instance, on => on.Known).Select(NumberedInstance.Of).MaxBy(instance => instance.HeardMs);
        latest = latest with { KnownMs = found.Min(on => on.Known.KnownMs) };
        return new NumbersAccount(latest, [.. found.GroupBy(on => on.Lane, on => on.Known).OrderBy(lane => lane.Key).Select(LaneOf)], forgotten);
    }

    private static LaneAccount LaneOf(IGrouping<int, InstanceSnapshot> lane)
    {
        WindowCounts counts = default;
        foreach (InstanceSnapshot known in lane)
            counts.Add(known.Counts);
        return new LaneAccount(lane.Key, lane.Max(known => known.HeardMs), lane.Sum(known => (long)known.Open), counts);
    }

    private static WindowCounts Forgotten(IReadOnlyList<LaneWindows> lanes)
    {
        WindowCounts counts = default;
        foreach (LaneWindows lane in lanes)
            counts.Add(lane.Past);
        return counts;
    }
}
