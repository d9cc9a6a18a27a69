using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>One start of a peer that numbers its messages, on all lanes.</summary>
/// <param name="Instance">Its instance.</param>
/// <param name="Source">Where it speaks from: on the first link on which it was heard of late.</param>
/// <param name="SinceMs">When it was heard first, on the table's clock.</param>
/// <param name="KnownMs">The same, of the first of those that it has followed.</param>
/// <param name="HeardMs">When it was heard last.</param>
/// <param name="Links">What came on each link on which it was heard.</param>
internal readonly record struct NumberedInstance(
    uint Instance, SourceAddress Source, long SinceMs, long KnownMs, long HeardMs, IReadOnlyList<LinkAccount> Links)
{
    /// <summary>Whether it speaks from an address, on any link.</summary>
    public bool IsAt(SourceAddress address) => Source == address || Links.Any(link => link.Source == address);

    /// <summary>Whether it has an address in common with another one: that is the same director.</summary>
    public bool SharesAddress(NumberedInstance other)
    {
        NumberedInstance self = this;
        return IsAt(other.Source) || other.Links.Any(link => self.IsAt(link.Source));
    }

    /// <summary>Whether it has been heard twice with so long between that it should be heard again: one forged message is no peer.</summary>
    public bool IsEstablished => HeardMs - KnownMs >= FlowConstants.PeerSilentMs;

    /// <summary>Whether it has been silent for longer than one that is there.</summary>
    public bool IsSilentAt(long nowMs) => nowMs - HeardMs >= FlowConstants.PeerSilentMs;

    /// <summary>What several lanes know of the same instance.</summary>
    public static NumberedInstance Of(IEnumerable<InstanceSnapshot> lanes)
        => lanes.Select(Of).Aggregate(Join) with { Links = LinkAccount.Of(lanes.SelectMany(lane => lane.Links)) };

    private static NumberedInstance Of(InstanceSnapshot lane) => new(lane.Instance, lane.Source, lane.SinceMs, lane.KnownMs, lane.HeardMs, lane.Links);

    private static NumberedInstance Join(NumberedInstance left, NumberedInstance right) => left with
    {
        Source = right.HeardMs > left.HeardMs ? right.Source : left.Source,
        SinceMs = Math.Min(left.SinceMs, right.SinceMs),
        KnownMs = Math.Min(left.KnownMs, right.KnownMs),
        HeardMs = Math.Max(left.HeardMs, right.HeardMs),
    };
}
