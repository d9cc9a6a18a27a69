using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>
/// Chooses the servers in turn, each as often as its weight. In each round a bar is lowered, starting from the largest weight, by the
/// weights' greatest common divisor, and each server whose weight reaches the bar gets a connection. The first round has the lowest bar, so
/// each server gets one first, as in the kernel (<c>tests/lab/run policy</c>).
/// </summary>
internal sealed class WeightedRoundRobin : IScheduler
{
    private int _index = -1;
    private int _count;
    private int _bar;

    /// <inheritdoc/>
    public RealServer? Pick(List<RealServer> servers, Address client)
    {
        (int largest, int divisor) = Measure(servers);
        if (largest == 0)
            return null;
        if (servers.Count != _count)
            (_index, _bar, _count) = (-1, divisor, servers.Count);
        while (true)
        {
            _index++;
            if (_index == servers.Count)
                (_index, _bar) = (0, _bar - divisor > 0 ? _bar - divisor : largest);
            if (servers[_index].Weight >= _bar)
                return servers[_index];
        }
    }

    private static (int Largest, int Divisor) Measure(List<RealServer> servers)
    {
        int largest = 0;
        int divisor = 0;
        foreach (RealServer server in servers)
        {
            largest = Math.Max(largest, server.Weight);
            divisor = GreatestCommonDivisor(server.Weight, divisor);
        }

        return (largest, divisor);
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
