using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>
/// Derives traffic that would keep a table in its present state, by Little's law: the number of connections in a state is the number that
/// enter it per second, times the seconds that each stays there.
/// </summary>
/// <remarks>
/// TCP: a closed connection stays for the fixed timeout of FIN_WAIT (direct routing) or TIME_WAIT (NAT), or CLOSE after a reset. That gives
/// the rate, and the established connections divided by it give the lifetime. If none is closed, the established connections divided by the
/// given lifetime give the rate. UDP: each connection stays for its lifetime and the timeout after it. The persistent share is that of the
/// connections to services with a template. Busy connections cannot be distinguished from others, so there are none.
/// </remarks>
internal static class SampleWorkload
{
    private const int UdpTimeout = 300;
    private const int ClosingTimeout = 120;
    private const int ResetTimeout = 10;

    /// <summary>
    /// Derives the traffic behind <paramref name="sample"/>; values that it does not show are those of <paramref name="given"/>.
    /// </summary>
    public static WorkloadOptions Derive(TableSample sample, WorkloadOptions given)
    {
        double closing = ((double)(sample.FinWait + sample.TimeWait) / ClosingTimeout) + ((double)sample.Closed / ResetTimeout);
        double lifetime = closing > 0 && sample.Established > 0 ? sample.Established / closing : given.Lifetime.Mean;
        double tcp = closing > 0 ? closing : sample.Established / lifetime;
        double udp = sample.Udp / (lifetime + UdpTimeout);
        return given with
        {
            ConnectionsPerSecond = tcp + udp,
            Lifetime = Distribution.Exponential(lifetime),
            UdpShare = udp > 0 ? udp / (tcp + udp) : 0,
            PersistentShare = sample.Connections > 0 ? (double)sample.Persistent / sample.Connections : 0,
            BusyConnections = 0,
            Clients = Math.Max(1, sample.Clients),
            HasReplies = sample.FinWait <= sample.TimeWait,
        };
    }
}
