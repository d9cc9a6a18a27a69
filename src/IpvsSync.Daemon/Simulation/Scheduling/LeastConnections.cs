using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>Chooses the server with the least load, optionally divided by its weight; of equal servers the newest.</summary>
internal sealed class LeastConnections(bool isWeighted) : IScheduler
{
    /// <summary>An active connection counts as much as this many inactive ones.</summary>
    private const long ActiveLoad = 256;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        RealServer? least = null;
        foreach (RealServer server in servers)
        {
            if (server.Weight > 0 && (least is null || IsLess(server, least)))
                least = server;
        }

        return least;
    }

    /// <summary>Compares load by weight without a division.</summary>
    private bool IsLess(RealServer one, RealServer other) => isWeighted
        ? Load(one) * other.Weight < Load(other) * one.Weight
        : Load(one) < Load(other);

    private static long Load(RealServer server) => (server.Active * ActiveLoad) + server.Inactive;
}
