using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// The virtual services of a <see cref="Workload"/>: TCP and UDP, each persistent and not persistent, at one documentation address, with
/// real servers in a private network.
/// </summary>
internal static class WorkloadServices
{
    private const ushort PlainTcpPort = 80;
    private const ushort PersistentTcpPort = 443;
    private const ushort PlainUdpPort = 53;
    private const ushort PersistentUdpPort = 5060;
    private const uint FirstRealServer = 0x0A00000B; // 10.0.0.11
    private const int PersistenceTimeout = 360;

    /// <summary>The virtual address, 203.0.113.10.</summary>
    public static Address VirtualAddress { get; } = Address.FromIPv4(0xCB00710A);

    /// <summary>The port of one of the services.</summary>
    public static ushort Port(bool isUdp, bool isPersistent)
    {
        if (isUdp)
            return isPersistent ? PersistentUdpPort : PlainUdpPort;
        return isPersistent ? PersistentTcpPort : PlainTcpPort;
    }

    /// <summary>Adds the services to <paramref name="director"/>, each with <paramref name="realServers"/> real servers.</summary>
    public static void AddTo(
        EmbeddedDirector director, int realServers = 3, ForwardingMethod forwarding = ForwardingMethod.Masquerade,
        SchedulerKind scheduler = SchedulerKind.Wlc)
    {
        foreach ((bool isUdp, bool isPersistent) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            ushort port = Port(isUdp, isPersistent);
            VirtualService service = director.AddService(new VirtualServiceOptions
            {
                Protocol = isUdp ? IpProtocol.Udp : IpProtocol.Tcp,
                Address = VirtualAddress,
                Port = port,
                Scheduler = scheduler,
                PersistenceTimeout = isPersistent ? PersistenceTimeout : 0,
            });
            for (uint i = 0; i < realServers; i++)
                service.Add(new() { Address = Address.FromIPv4(FirstRealServer + i), Port = port, Forwarding = forwarding });
        }
    }
}
