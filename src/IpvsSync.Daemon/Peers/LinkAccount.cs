using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What has come of a peer's messages over one link, on all lanes together.</summary>
/// <param name="Link">The link's number.</param>
/// <param name="Source">The peer's address there.</param>
/// <param name="HeardMs">When its last message came, on the table's clock.</param>
/// <param name="Left">Messages that have left the peer since the first that came.</param>
/// <param name="Lost">Those of them that did not come over this link.</param>
internal readonly record struct LinkAccount(int Link, SourceAddress Source, long HeardMs, long Left, long Lost)
{
    /// <summary>The links on which several lanes have heard an instance.</summary>
    public static IReadOnlyList<LinkAccount> Of(IEnumerable<LinkAccount> lanes) => [.. lanes.GroupBy(one => one.Link).OrderBy(link => link.Key).Select(link => link.Aggregate(Join))];

    private static LinkAccount Join(LinkAccount left, LinkAccount right) => new(
        left.Link, right.HeardMs > left.HeardMs ? right.Source : left.Source, Math.Max(left.HeardMs, right.HeardMs), left.Left + right.Left, left.Lost + right.Lost);
}
