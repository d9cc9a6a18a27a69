using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>A virtual service and its real servers. Live.</summary>
internal sealed class VirtualService
{
    private readonly List<RealServer> _servers = [];
    private readonly IScheduler _scheduler;

    /// <summary>Makes a service without real servers.</summary>
    /// <exception cref="ArgumentException">Port 0 without persistence, which IPVS does not schedule.</exception>
    public VirtualService(VirtualServiceOptions options)
    {
        if (options is { Fwmark: 0, Port: 0, PersistenceTimeout: 0 })
            throw new ArgumentException("A service on port 0 must be persistent.", nameof(options));
        Options = options;
        _scheduler = Schedulers.Create(options.Scheduler);
    }

    /// <summary>The options of the service.</summary>
    public VirtualServiceOptions Options { get; }

    /// <summary>Its real servers, the newest first (spec §8.3).</summary>
    public IReadOnlyList<RealServer> Servers => _servers;

    /// <summary>Whether its clients stay on their real servers.</summary>
    public bool IsPersistent => Options.PersistenceTimeout > 0;

    /// <summary>Adds a real server.</summary>
    public RealServer Add(RealServerOptions options)
    {
        RealServer server = new(options);
        _servers.Insert(0, server);
        return server;
    }

    /// <summary>The real server for a new connection or template of <paramref name="client"/>; null if none accepts it.</summary>
    public RealServer? Pick(Address client) => _scheduler.Pick(_servers, client);
}
