using IpvsSync.Lab.Judge.Sequences.Lists;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>All sequences.</summary>
internal static class AllSequences
{
    public static IReadOnlyList<Sequence> List { get; } =
    [
        .. TcpSequences.List,
        .. DatagramSequences.List,
        .. PersistenceSequences.List,
        .. RefreshSequences.List,
        .. SchedulerSequences.List,
        .. IPv6Sequences.List,
    ];
}
