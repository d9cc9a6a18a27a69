using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>A virtual service as <c>ipvsadm -A</c> is asked for it: known by its mark, or by protocol, address and port.</summary>
internal sealed record VirtualServiceOptions
{
    /// <summary>The family of its clients and real servers.</summary>
    public IpFamily Family { get; init; } = IpFamily.IPv4;

    /// <summary>The firewall mark; 0 for a service that has an address.</summary>
    public uint Fwmark { get; init; }

    /// <summary>TCP, UDP or SCTP; 0 for a mark service.</summary>
    public byte Protocol { get; init; }

    /// <summary>The virtual address; nothing for a mark service.</summary>
    public Address Address { get; init; }

    /// <summary>The virtual port; 0 takes all ports, which only a persistent service can.</summary>
    public ushort Port { get; init; }

    /// <summary>The scheduler.</summary>
    public SchedulerKind Scheduler { get; init; } = SchedulerKind.Wlc;

    /// <summary>How long a client sticks to its real server, seconds; 0 for a service that is not persistent.</summary>
    public int PersistenceTimeout { get; init; }

    /// <summary>The prefix length of the network whose clients stick together; null for each client by itself.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>Each UDP packet is scheduled on its own.</summary>
    public bool IsOnePacket { get; init; }
}
