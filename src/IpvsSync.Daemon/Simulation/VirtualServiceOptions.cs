using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>The options of a virtual service, as for <c>ipvsadm -A</c>. Its mark identifies it, or protocol, address and port.</summary>
internal sealed record VirtualServiceOptions
{
    /// <summary>The family of its clients and real servers.</summary>
    public IpFamily Family { get; init; } = IpFamily.IPv4;

    /// <summary>The firewall mark; 0 for a service that has an address.</summary>
    public uint Fwmark { get; init; }

    /// <summary>TCP, UDP or SCTP; 0 for a mark service.</summary>
    public byte Protocol { get; init; }

    /// <summary>The virtual address; default for a mark service.</summary>
    public Address Address { get; init; }

    /// <summary>The virtual port; 0 means all ports, which requires a persistent service.</summary>
    public ushort Port { get; init; }

    /// <summary>The scheduler.</summary>
    public SchedulerKind Scheduler { get; init; } = SchedulerKind.Wlc;

    /// <summary>How long a client stays on its real server, in seconds; 0 for a service that is not persistent.</summary>
    public int PersistenceTimeout { get; init; }

    /// <summary>The prefix length of the client network that stays on one real server; null treats each client separately.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>Whether each UDP packet is scheduled separately.</summary>
    public bool IsOnePacket { get; init; }
}
