namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// Counts the connections that wait for each missing service or real server, for the first hundred names. For one thread.
/// </summary>
internal sealed class MissingCounts
{
    /// <summary>The maximum number of names: the messages of a peer must not fill the memory.</summary>
    private const int MaxNames = 100;

    private readonly Dictionary<MissingDestination, int> _counts = [];

    /// <summary>The missing destinations, those with the most connections first.</summary>
    public IEnumerable<(MissingDestination Destination, int Connections)> Named =>
        _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.ToString(), StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    /// <summary>
    /// Counts connections that wait for it. Beyond the maximum of names only the table's count of unbound connections includes it.
    /// </summary>
    public void Add(MissingDestination missing, int connections)
    {
        if (_counts.TryGetValue(missing, out int count) || _counts.Count < MaxNames)
            _counts[missing] = count + connections;
    }
}
