using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// How many connections each real server had under each service at one moment, and how each service masks its clients. A connection that
/// the kernel had at that moment is counted under the service that made it, and under no other (spec §6.3). Immutable.
/// </summary>
internal sealed class ServiceLoads
{
    private readonly Dictionary<ServiceName, int> _prefixes = [];
    private readonly Dictionary<(ServiceName Service, Address Address, ushort Port), uint> _connections = [];

    /// <summary>Keeps what these services and their real servers say.</summary>
    public ServiceLoads(IEnumerable<(IpvsService Service, IReadOnlyList<IpvsDestination> Destinations)> services)
    {
        foreach ((IpvsService service, IReadOnlyList<IpvsDestination> destinations) in services)
        {
            var name = ServiceName.Of(service);
            _prefixes[name] = service.PrefixLength;
            foreach (IpvsDestination server in destinations)
                _connections[(name, Address.From(server.Address), server.Port)] = server.ActiveConnections + server.InactiveConnections;
        }
    }

    /// <summary>Nothing is known.</summary>
    public static ServiceLoads None { get; } = new([]);

    /// <summary>Reads them from the kernel.</summary>
    /// <exception cref="KernelException">The kernel does not answer.</exception>
    public static ServiceLoads Read(IpvsClient client)
        => new(client.GetServices().Select(service => (service, client.GetDestinations(service))));

    /// <summary>The connections of a real server, without templates; null if that is not known.</summary>
    public uint? Of(in ListedServer server)
        => _connections.TryGetValue((server.Service, server.Address, server.Port), out uint count) ? count : null;

    /// <summary>The client's address as it is in the templates of a service.</summary>
    public Address Mask(in ServiceName service, Address client)
        => _prefixes.TryGetValue(service, out int prefix) ? client.Masked(service.Family, prefix) : client;
}
