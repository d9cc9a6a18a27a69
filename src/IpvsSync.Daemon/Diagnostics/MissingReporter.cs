using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Names the services and real servers that peers' connections have and this director has not: the most frequent mistake of operators.
/// One line whenever the names change. Used by one thread.
/// </summary>
internal sealed class MissingReporter(ConnectionTable table, DestinationCache destinations, ILogger log)
{
    private const int NamesInALine = 5;

    private string _said = "";

    /// <summary>Says what has changed since the last call.</summary>
    public void Report()
    {
        if (table.Unbound == 0)
        {
            if (_said.Length > 0)
                log.NothingMissing();
            _said = "";
            return;
        }

        MissingCounts counts = table.CountMissing(destinations.Snapshot);
        string names = string.Join(", ", counts.Named.Take(NamesInALine).Select(missing => missing.Destination.ToString()).Order(StringComparer.Ordinal));
        if (names == _said || names.Length == 0)
            return;
        _said = names;
        int more = counts.Named.Skip(NamesInALine).Count();
        log.Missing(table.Unbound, more > 0 ? $"{names}, and {more} more" : names);
    }
}
