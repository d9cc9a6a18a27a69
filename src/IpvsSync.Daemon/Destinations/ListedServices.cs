using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// Finds the service that made a connection of the kernel's list. Addresses and ports do not tell it where services, of which some have a
/// mark, have the same real servers. Then these tell, in this order: the port of the real server; the kernel's counts, because a service
/// that has no connection to the server did not make one; the client's persistence template, which names its service. For one thread.
/// </summary>
/// <param name="snapshot">The services and real servers.</param>
/// <param name="loads">
/// The kernel's counts, read before the list and after the feed has begun: a connection that is not in them is told by the feed.
/// </param>
internal sealed class ListedServices(DestinationSnapshot snapshot, ServiceLoads loads)
{
    private readonly HashSet<(ServiceName Service, Address Client, Address Real)> _templates = [];
    private readonly Dictionary<ListedServer, long> _given = [];

    /// <summary>Forgets what was noted and given: the list is read from its beginning.</summary>
    public void Begin()
    {
        _templates.Clear();
        _given.Clear();
    }

    /// <summary>Notes a template of the list.</summary>
    public void NoteTemplate(in ConnectionEntry template)
        => _templates.Add((ServiceName.OfTemplate(template.Key), template.Key.Client, template.Real));

    /// <summary>
    /// The services that may have made the connection: one if anything but a template tells, none if it has no real server here.
    /// </summary>
    public IReadOnlyList<ListedServer> Find(in ConnectionEntry entry)
    {
        IReadOnlyList<ListedServer> all = snapshot.Listed(entry);
        if (all.Count < 2)
            return all;
        ConnectionEntry made = entry;
        return Narrow(Narrow(all, server => server.HasPortOf(made)), server => loads.Of(server) != 0);
    }

    /// <summary>As <see cref="Find"/>, once every template has been noted.</summary>
    public IReadOnlyList<ListedServer> FindWithTemplates(in ConnectionEntry entry)
    {
        Address client = entry.Key.Client;
        return Narrow(Find(entry), server => _templates.Contains((server.Service, loads.Mask(server.Service, client), server.Address)));
    }

    /// <summary>Counts a connection as one of this real server's, so that fewer are left.</summary>
    public void Give(in ListedServer server)
    {
        if (loads.Of(server) is not null)
            _given[server] = _given.GetValueOrDefault(server) + 1;
    }

    /// <summary>
    /// Guesses the service of connections to one virtual address and port, which have one mark as a rule: the one to whose counts the most
    /// of them fit.
    /// </summary>
    /// <param name="servers">For each connection, its real server under each service that may have made it.</param>
    public ServiceName Guess(IEnumerable<IReadOnlyList<ListedServer>> servers) => servers.SelectMany(some => some).CountBy(server => server)
        .GroupBy(pair => pair.Key.Service, pair => Math.Min(pair.Value, (loads.Of(pair.Key) ?? 0) - _given.GetValueOrDefault(pair.Key)))
        .MaxBy(group => group.Sum())!.Key;

    /// <summary>Those that fit; all if none does, because then something has changed meanwhile.</summary>
    private static IReadOnlyList<ListedServer> Narrow(IReadOnlyList<ListedServer> all, Func<ListedServer, bool> fits)
        => all.Count < 2 ? all : all.Where(fits).ToArray() is { Length: > 0 } some ? some : all;
}
