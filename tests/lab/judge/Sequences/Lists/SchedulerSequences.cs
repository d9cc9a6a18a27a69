using System.Globalization;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>The choice of a connection's real server.</summary>
internal static class SchedulerSequences
{
    // Connections that stay, and some that close, so that the counts of active and inactive ones differ.
    private static readonly string _clients =
        string.Join(' ', Enumerable.Range(1, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"@{i} syn ack{(i % 3 == 0 ? " fin" : "")}")));

    public static Sequence[] List { get; } =
    [
        .. AllWith(1, 3, 2),
        .. AllWith(2, 0, 1),
        .. AllWith(6, 2, 4),
        .. AllWith(100, 200),
        .. AllWith(0, 0),
    ];

    private static IEnumerable<Sequence> AllWith(params int[] weights) => Enum.GetValues<SchedulerKind>().Select(kind => new Sequence(
        $"{kind.ToString().ToLowerInvariant()}, weights {string.Join(' ', weights)}", Settings(0, 1), Direct(IpProtocol.Tcp, weights).With(kind), _clients));
}
