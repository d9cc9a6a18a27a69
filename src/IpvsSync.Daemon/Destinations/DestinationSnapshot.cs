using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using Servers = System.Collections.Generic.Dictionary<(IpvsSync.Protocol.Address Address, ushort Port), IpvsSync.Daemon.Destinations.ServerFacts>;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// The virtual services and real servers of this director at one moment. It finds the real server of an entry as the kernel does
/// (spec §6.4). Immutable.
/// </summary>
internal sealed class DestinationSnapshot
{
    /// <summary>The port of FTP's control connections, for which the kernel has rules of its own.</summary>
    public const ushort FtpPort = 21;

    private const ushort FtpDataPort = 20;
    private const ushort FirstUnprivilegedPort = 1024;

    private readonly Dictionary<ServiceName, Servers> _services;
    private readonly HashSet<ServiceName> _persistent;
    private readonly List<ServiceName> _marks;
    private readonly bool _hasFtp;
    private readonly bool _hasPortZero;
    private Dictionary<NamedServer, Found>? _named;

    // Those that were found last, by some bits of their address and port: most entries name one of few servers.
    private readonly Found?[] _found = new Found?[64];

    /// <summary>Makes a snapshot of these services and their real servers.</summary>
    /// <param name="services">The services.</param>
    /// <param name="longestPersistence">The longest of their persistence timeouts, in seconds; 0 without any.</param>
    /// <param name="persistent">Those that are persistent.</param>
    public DestinationSnapshot(
        IEnumerable<(ServiceName Service, IReadOnlyList<IpvsDestination> Destinations)> services,
        uint longestPersistence = 0,
        params IEnumerable<ServiceName> persistent)
        : this(Index(services), longestPersistence, [.. persistent])
    {
    }

    private DestinationSnapshot(
        Dictionary<ServiceName, Servers> services,
        uint longestPersistence,
        HashSet<ServiceName> persistent)
    {
        _services = services;
        _persistent = persistent;
        LongestPersistence = longestPersistence;
        _marks = [.. services.Keys.Where(service => service.Fwmark != 0).OrderBy(service => service.Fwmark)];
        _hasFtp = services.Keys.Any(service => service is { Fwmark: 0, Port: FtpPort });
        _hasPortZero = services.Keys.Any(service => service is { Fwmark: 0, Port: 0 });
    }

    /// <summary>The snapshot of a director without services.</summary>
    public static DestinationSnapshot Empty { get; } = new(services: []);

    /// <summary>The number of services.</summary>
    public int Services => _services.Count;

    /// <summary>The longest persistence timeout of the services, in seconds; 0 without any.</summary>
    public uint LongestPersistence { get; }

    /// <summary>Whether any service is persistent.</summary>
    public bool HasPersistence => _persistent.Count > 0;

    /// <summary>Reads all services and the real servers of each from the kernel.</summary>
    /// <exception cref="KernelException">The kernel does not answer.</exception>
    public static DestinationSnapshot Read(IpvsClient client)
    {
        IReadOnlyList<IpvsService> services = client.GetServices();
        return new DestinationSnapshot(
            services.Select(service => (ServiceName.Of(service), client.GetDestinations(service))),
            services.Where(service => service.IsPersistent).Select(service => service.Timeout).DefaultIfEmpty().Max(),
            services.Where(service => service.IsPersistent).Select(ServiceName.Of));
    }

    /// <summary>Makes a snapshot of this one's services and servers and those that only <paramref name="other"/> has.</summary>
    public DestinationSnapshot With(DestinationSnapshot other)
    {
        if (other._services.All(pair => _services.TryGetValue(pair.Key, out Servers? servers)
            && pair.Value.Keys.All(servers.ContainsKey)))
            return this;
        var all = _services.ToDictionary(pair => pair.Key, pair => new Servers(pair.Value));
        foreach ((ServiceName service, Servers servers) in other._services)
        {
            if (!all.TryGetValue(service, out Servers? known))
                all[service] = known = [];
            foreach (((Address, ushort) server, ServerFacts facts) in servers)
                known.TryAdd(server, facts);
        }

        IEnumerable<ServiceName> persistent = _persistent.Concat(other._persistent.Where(service => !_services.ContainsKey(service)));
        return new DestinationSnapshot(all, Math.Max(LongestPersistence, other.LongestPersistence), [.. persistent]);
    }

    /// <summary>Whether two snapshots have the same services, persistent or not, and servers of which the same is known.</summary>
    public bool Matches(DestinationSnapshot other) => _services.Count == other._services.Count
        && _persistent.SetEquals(other._persistent)
        && _services.All(pair => other._services.TryGetValue(pair.Key, out Servers? servers)
        && servers.Count == pair.Value.Count
        && pair.Value.All(server => servers.TryGetValue(server.Key, out ServerFacts facts) && facts == server.Value));

    /// <summary>Finds the real server of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="method">Its forwarding method.</param>
    /// <returns>False if the entry remains unbound here.</returns>
    public bool TryFind(in ConnectionEntry entry, out ConnectionFlags method)
    {
        bool isFound = TryFindFacts(entry, out ServerFacts facts);
        method = facts.Method;
        return isFound;
    }

    /// <summary>Finds the real server of an entry, and what is known of it.</summary>
    public bool TryFindFacts(in ConnectionEntry entry, out ServerFacts facts)
    {
        facts = default;
        if (entry.Fwmark == 0 && TryFindNamed(entry) is { } found)
        {
            facts = found.Facts;
            return true;
        }

        return TryFindService(entry, out _, out Servers? servers) && TryFindServer(servers, entry, out _, out facts);
    }

    /// <summary>
    /// The services that may have made a connection of the kernel's list, which has neither flags nor marks: the one with its address, and
    /// those of marks. A template is of one service, which its key names (spec §2.2).
    /// </summary>
    /// <param name="entry">The connection; its flags and mark are ignored.</param>
    /// <returns>The real server under each of them, the service with an address first, then by mark.</returns>
    public IReadOnlyList<ListedServer> Listed(in ConnectionEntry entry)
    {
        List<ListedServer> found = [];
        ConnectionEntry listed = entry with { Flags = default, Fwmark = 0 };
        if (!IsOfMark(entry.Key)
            && TryFindService(listed, out ServiceName name, out Servers? servers))
            Note(found, name, servers, listed);
        if (entry.Key.IsTemplate && !IsOfMark(entry.Key))
            return found;
        IEnumerable<ServiceName> marks = entry.Key.IsTemplate ? _marks.Where(ServiceName.OfTemplate(entry.Key).Equals) : _marks;
        foreach (ServiceName mark in marks.Where(mark => mark.Family == listed.Key.Family))
            Note(found, mark, _services[mark], listed with { Fwmark = mark.Fwmark });
        return found;
    }

    /// <summary>
    /// Whether services have a real server in common and one of them has a mark: its connections cannot be told apart by their addresses.
    /// </summary>
    public bool SharesServers => _marks.Count > 0 && _services
        .SelectMany(pair => pair.Value.Keys.Select(server => server.Address).Distinct(), (pair, address) => (pair.Key, address))
        .GroupBy(pair => (pair.Key.Family, pair.address))
        .Any(group => group.Skip(1).Any() && group.Any(pair => pair.Key.Fwmark != 0));

    /// <summary>Whether a service of this director is persistent.</summary>
    public bool IsPersistent(in ServiceName service) => _persistent.Contains(service);

    /// <summary>Whether this director has a service.</summary>
    public bool Has(in ServiceName service) => _services.ContainsKey(service);

    /// <summary>Finds the service of an entry as the kernel does (spec §6.4).</summary>
    public bool TryFindService(in ConnectionEntry entry, out ServiceName service) => TryFindService(entry, out service, out _);

    /// <summary>Whether a service stands at the very address and port of <paramref name="key"/>.</summary>
    public bool HasServiceAt(in ConnectionKey key)
        => _services.ContainsKey(new ServiceName(key.Family, 0, key.Protocol, key.Virtual, key.VirtualPort));

    /// <summary>The destination that an unbound entry lacks: its service, or the real server of that service.</summary>
    public MissingDestination Missing(in ConnectionEntry entry)
    {
        ConnectionKey key = entry.Key;
        ServiceName service = entry.Fwmark != 0
            ? new ServiceName(key.Family, entry.Fwmark, 0, default, 0)
            : new ServiceName(key.Family, 0, key.Protocol, key.Virtual, key.VirtualPort);
        string? server = TryFindService(entry, out _, out _) ? EndpointText.Of(key.Family, entry.Real, entry.RealPort) : null;
        return new MissingDestination(service.ToString(), server);
    }

    /// <summary>The real servers of all services with an address: nearly every entry of a peer names one of these. Made when the first one is sought.</summary>
    private Dictionary<NamedServer, Found> Named => _named ??= _services
        .Where(pair => pair.Key.Fwmark == 0)
        .SelectMany(pair => pair.Value.Select(server => new Found(NamedServer.Of(pair.Key, server.Key), server.Value)))
        .ToDictionary(server => server.Name);

    private static Dictionary<ServiceName, Servers> Index(
        IEnumerable<(ServiceName Service, IReadOnlyList<IpvsDestination> Destinations)> services)
    {
        Dictionary<ServiceName, Servers> all = [];
        foreach ((ServiceName service, IReadOnlyList<IpvsDestination> destinations) in services)
        {
            Servers servers = [];
            foreach (IpvsDestination destination in destinations)
                servers[(Address.From(destination.Address), destination.Port)] = FactsOf(destination);
            all[service] = servers;
        }

        return all;
    }

    private static ServerFacts FactsOf(IpvsDestination destination)
        => new((ConnectionFlags)destination.ForwardingMethod & ConnectionFlags.IP_VS_CONN_F_FWD_MASK, IsQuiesced: destination.Weight == 0);

    private static bool IsOfMark(in ConnectionKey key) => key is { IsTemplate: true, Protocol: IpProtocol.Ip };

    private Found? TryFindNamed(in ConnectionEntry entry)
    {
        var name = NamedServer.Of(entry);
        ref Found? last = ref _found[(uint)(entry.Real.Low ^ entry.RealPort) % (uint)_found.Length];
        if (last is { } found && found.Name.Equals(name))
            return found;
        if (!Named.TryGetValue(name, out found))
            return null;
        last = found;
        return found;
    }

    private static void Note(
        List<ListedServer> found,
        ServiceName service,
        Servers servers,
        in ConnectionEntry entry)
    {
        if (TryFindServer(servers, entry, out ushort port, out ServerFacts facts))
            found.Add(new ListedServer(service, entry.Real, port, facts.Method));
    }

    private bool TryFindService(
        in ConnectionEntry entry,
        out ServiceName name,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Servers? servers)
    {
        ConnectionKey key = entry.Key;
        name = new ServiceName(key.Family, entry.Fwmark, 0, default, 0);
        if (entry.Fwmark != 0 && _services.TryGetValue(name, out servers))
            return true;
        name = new ServiceName(key.Family, 0, key.Protocol, key.Virtual, key.VirtualPort);
        if (_services.TryGetValue(name, out servers))
            return true;
        if (_hasFtp && key.Protocol == IpProtocol.Tcp && key.VirtualPort is FtpDataPort or >= FirstUnprivilegedPort
            && _services.TryGetValue(name = name with { Port = FtpPort }, out servers))
            return true;
        name = name with { Port = 0 };
        return _hasPortZero && _services.TryGetValue(name, out servers);
    }

    private static bool TryFindServer(
        Servers servers, in ConnectionEntry entry, out ushort port, out ServerFacts facts)
    {
        bool isNat = (entry.Flags & ConnectionFlags.IP_VS_CONN_F_FWD_MASK) == ConnectionFlags.IP_VS_CONN_F_MASQ;
        port = entry.Fwmark != 0 && !isNat ? (ushort)0 : entry.RealPort;
        if (servers.TryGetValue((entry.Real, port), out facts))
            return true;
        port = port == 0 ? entry.RealPort : (ushort)0;
        return servers.TryGetValue((entry.Real, port), out facts);
    }

    /// <summary>A real server of a service that has an address.</summary>
    private sealed record Found(NamedServer Name, ServerFacts Facts);
}
