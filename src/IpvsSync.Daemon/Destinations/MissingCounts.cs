namespace IpvsSync.Daemon.Destinations;

/// <summary>How many connections wait for which service or real server: the first hundred names. For one thread.</summary>
internal sealed class MissingCounts
{
    /// <summary>Names at most: a peer's words must not fill our memory.</summary>
    private const int MaxNames = 100;

    private readonly Dictionary<MissingDestination, int> _counts = [];

    /// <summary>What is missing, most wanted first.</summary>
    public IEnumerable<(MissingDestination Destination, int Connections)> Named =>
        _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.ToString(), StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    /// <summary>One more connection waits for it; beyond the names it is not counted here, but among the table's unbound.</summary>
    public void Add(MissingDestination missing)
    {
        if (_counts.TryGetValue(missing, out int count) || _counts.Count < MaxNames)
            _counts[missing] = count + 1;
    }
}
