using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>
/// Traffic that would keep a table as it was found, by Little's law: as many as there are in a state come in a second, times the
/// seconds that each stays there.
/// </summary>
/// <remarks>
/// TCP: what is closed stays for the fixed timeout of FIN_WAIT (direct routing) or TIME_WAIT (NAT), or CLOSE after a reset: that is the
/// rate, and the established ones divided by it are the lifetime. Where nothing is closed, the established ones divided by the
/// lifetime that was given are the rate. UDP: each stays for its lifetime and the timeout behind it. The persistent share is that
/// of the connections to services for which there is a template. Busy connections cannot be told from others: none.
/// </remarks>
internal static class SampleWorkload
{
    private const int UdpTimeout = 300;
    private const int ClosingTimeout = 120;
    private const int ResetTimeout = 10;

    /// <summary>The traffic behind <paramref name="sample"/>; what it does not tell stays as in <paramref name="given"/>.</summary>
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
