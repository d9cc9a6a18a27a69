using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>Chooses real servers for one virtual service. Servers of weight 0 get no new connections.</summary>
internal interface IScheduler
{
    /// <summary>The real server for the next connection of <paramref name="client"/>; null if none accepts it.</summary>
    /// <param name="servers">All servers of the service, the newest first, as the kernel keeps them.</param>
    /// <param name="client">The client's address.</param>
    RealServer? Pick(List<RealServer> servers, Address client);
}
