using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>The state of one case in one backup.</summary>
/// <param name="Connections">Its connections, in order.</param>
/// <param name="Persistence">Persistence data of its templates, <c>sip CALL-ID</c>, in order.</param>
/// <param name="Counters">The counters of its destinations, <c>1: ACTIVE/INACTIVE/PERSISTENT</c>, in order.</param>
internal sealed record CaseState(List<KeptConnection> Connections, List<string> Persistence, List<string> Counters)
{
    /// <summary>
    /// The text for people, which a case also expects: connections as state and real server, counters, persistence data:
    /// <c>2x ESTABLISHED>1 | 1: 2/0/0</c>.
    /// </summary>
    public override string ToString()
    {
        IEnumerable<string> connections = Connections.CountBy(connection => connection.Short).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value == 1 ? pair.Key : $"{pair.Value}x {pair.Key}");
        string[] parts = [string.Join(' ', connections), string.Join(", ", Counters), string.Join(", ", Persistence)];
        return string.Join(" | ", parts.Where(part => part.Length > 0));
    }

    /// <summary>Everything that must be equal, without the timers.</summary>
    public IEnumerable<string> Lasting => [.. Connections.Select(connection => connection.Lasting), .. Persistence, .. Counters];

    /// <summary>The largest difference of two timers, in seconds, of states that are otherwise equal.</summary>
    public long TimersApart(CaseState other) => Connections
        .Zip(other.Connections, (mine, others) => Math.Abs((long)mine.Expires - others.Expires)).DefaultIfEmpty().Max();

    /// <summary>Formats destinations for <see cref="Counters"/>.</summary>
    public static IEnumerable<string> CountersOf(IEnumerable<IpvsDestination> destinations) => destinations
        .Select(d => (Bytes: d.Address.GetAddressBytes(), Destination: d))
        .OrderBy(pair => pair.Bytes[^1]).ThenBy(pair => pair.Destination.Port)
        .Select(pair =>
            $"{pair.Bytes[^1]}: {pair.Destination.ActiveConnections}/{pair.Destination.InactiveConnections}/{pair.Destination.PersistentConnections}");
}
