using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>Brings together what the registry knows of the peers, by address, and what the lanes know of their numbers, by instance.</summary>
internal static class PeerAccounts
{
    /// <summary>
    /// All peers, as the registry orders them. There are as many at most, however many instances somebody forges. The addresses from which one instance
    /// speaks on several links are one peer, under that of the first link.
    /// </summary>
    /// <param name="peers">The peers by address.</param>
    /// <param name="lanes">The numbers by lane; none if nobody looks at them.</param>
    public static IReadOnlyList<PeerAccount> Of(IReadOnlyList<PeerSnapshot> peers, IReadOnlyList<LaneWindows> lanes)
    {
        HashSet<SourceAddress> placed = [.. peers.Where(peer => peer.Address is not null).Select(peer => peer.Address!.Value)];
        Dictionary<SourceAddress, SourceAddress> names = NamesOf(Instances(lanes), placed);
        ILookup<SourceAddress?, (int Lane, InstanceSnapshot Known)> known = OnLanes(lanes).ToLookup(found => NameOf(found.Known.Source));
        return [.. peers.GroupBy(peer => peer.Address is { } address ? NameOf(address) : null).Select(same => new PeerAccount(
            Merge(same.Key, same), NumbersOf([.. known[same.Key]], same.Key is null ? Forgotten(lanes) : default)))];

        SourceAddress? NameOf(SourceAddress address) => names.TryGetValue(address, out SourceAddress name) ? name : placed.Contains(address) ? address : null;
    }

    /// <summary>Every instance that is known on any lane.</summary>
    public static IReadOnlyList<NumberedInstance> Instances(IReadOnlyList<LaneWindows> lanes)
        => [.. OnLanes(lanes).GroupBy(found => found.Known.Instance, found => found.Known).Select(NumberedInstance.Of)];

    /// <summary>For each address on which an instance was heard that speaks from several: the one that stands for it.</summary>
    private static Dictionary<SourceAddress, SourceAddress> NamesOf(IReadOnlyList<NumberedInstance> instances, HashSet<SourceAddress> placed)
    {
        Dictionary<SourceAddress, SourceAddress> names = [];
        foreach (NumberedInstance instance in instances.Where(instance => instance.Links.Count > 1).OrderBy(instance => instance.HeardMs))
        {
            SourceAddress? name = instance.Links.Select(link => (SourceAddress?)link.Source).FirstOrDefault(source => placed.Contains(source!.Value));
            foreach (LinkAccount link in instance.Links.Where(_ => name is not null))
                names[link.Source] = name!.Value;
        }

        return names;
    }

    private static PeerSnapshot Merge(SourceAddress? address, IEnumerable<PeerSnapshot> same) => same.Aggregate((left, right) => new PeerSnapshot(
        address, right.HeardMs > left.HeardMs ? right.Version : left.Version, left.Messages + right.Messages, left.Entries + right.Entries, Math.Max(left.HeardMs, right.HeardMs)));

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
