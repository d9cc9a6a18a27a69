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

        string[] missing = [.. table.CountMissing(destinations.Snapshot).Named.Select(named => named.Destination.ToString())];
        string all = Joined(missing);
        if (all == _reported || missing.Length == 0)
            return;
        _reported = all;
        log.Missing(table.Unbound, missing.Length > NamesInALine ? $"{Joined(missing[..NamesInALine])}, and {missing.Length - NamesInALine} more" : all);
    }

    // In the order of the names: that of the counts changes all the time.
    private static string Joined(string[] names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
