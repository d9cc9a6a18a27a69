using IpvsSync.Daemon.Destinations;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Counts connections of the kernel's list that have something in common, and names the services that may have made them. For one thread.
/// </summary>
internal sealed class ListedTally
{
    private const int MostNames = 3;

    private readonly List<string> _names = [];

    /// <summary>The number of connections.</summary>
    public int Count { get; private set; }

    /// <summary>The services, up to a few: <c>FWM 13 and FWM 14, FWM 13 and FWM 15</c>.</summary>
    public string Services => string.Join(", ", _names);

    /// <summary>Counts one connection.</summary>
    public void Add(IReadOnlyList<ListedServer> servers)
    {
        Count++;
        if (_names.Count == MostNames || servers.Count == 0)
            return;
        string name = string.Join(" and ", servers.Select(server => server.Service).OrderBy(service => service.Fwmark));
        if (!_names.Contains(name))
            _names.Add(name);
    }

    /// <summary>Counts from zero again.</summary>
    public void Clear()
    {
        Count = 0;
        _names.Clear();
    }
}
