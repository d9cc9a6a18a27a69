using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What one lane knows of a peer that numbers its messages.</summary>
/// <param name="Instance">The peer's instance.</param>
/// <param name="Source">Where it speaks from.</param>
/// <param name="SinceMs">When it was heard first, on the table's clock.</param>
/// <param name="KnownMs">The same, of the first of those that it has followed.</param>
/// <param name="HeardMs">When it was heard last, on the table's clock.</param>
/// <param name="Highest">The highest number that came or was announced.</param>
/// <param name="Open">Messages that have not come and may still come.</param>
/// <param name="Counts">What became of the others, those of the instances included that it has followed.</param>
/// <param name="Links">What came on each link on which it was heard.</param>
internal readonly record struct InstanceSnapshot(
    uint Instance, SourceAddress Source, long SinceMs, long KnownMs, long HeardMs, ulong Highest, int Open, WindowCounts Counts,
    IReadOnlyList<LinkAccount> Links);
