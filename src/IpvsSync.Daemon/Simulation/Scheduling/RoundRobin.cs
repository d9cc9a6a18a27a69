using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>Chooses the servers in turn.</summary>
internal sealed class RoundRobin : IScheduler
{
    private RealServer? _last;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        int first = _last is null ? 0 : servers.IndexOf(_last) + 1;
        for (int i = 0; i < servers.Count; i++)
        {
            RealServer server = servers[(first + i) % servers.Count];
            if (server.Weight > 0)
                return _last = server;
        }

        return null;
    }
}
