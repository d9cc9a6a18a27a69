using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Logs the services and real servers that peers' connections need and this director does not have: the most frequent mistake of operators.
/// One line whenever the set of names changes. For one thread.
/// </summary>
internal sealed class MissingReporter(ConnectionTable table, DestinationCache destinations, ILogger log)
{
    private const int NamesInALine = 5;

    private string _reported = "";

    /// <summary>Logs what has changed since the last call.</summary>
    public void Report()
    {
        if (table.Unbound == 0)
        {
            if (_reported.Length > 0)
                log.NothingMissing();
            _reported = "";
            return;
        }

        MissingCounts counts = table.CountMissing(destinations.Snapshot);
        string names = string.Join(", ", counts.Named.Take(NamesInALine).Select(missing => missing.Destination.ToString()).Order(StringComparer.Ordinal));
        if (names == _reported || names.Length == 0)
            return;
        _reported = names;
        int more = counts.Named.Skip(NamesInALine).Count();
        log.Missing(table.Unbound, more > 0 ? $"{names}, and {more} more" : names);
    }
}
