using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IpvsSync.Linux.Ipvs;

/// <summary>A virtual service (spec §7.3, SERVICE), identified by its mark, or by protocol, address and port.</summary>
public sealed record IpvsService
{
    /// <summary>A bit of <see cref="Flags"/>: clients stay on their real server (IP_VS_SVC_F_PERSISTENT).</summary>
    public const uint Persistent = LinuxIpVs.IP_VS_SVC_F_PERSISTENT;

    /// <summary>InterNetwork or InterNetworkV6, for mark services too.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.InterNetwork;

    /// <summary>IP protocol number: 6 TCP, 17 UDP, 132 SCTP; 0 for a mark service.</summary>
    public ushort Protocol { get; init; }

    /// <summary>The virtual address; null for a mark service.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The virtual port; 0 for all ports, and for a mark service.</summary>
    public ushort Port { get; init; }

    /// <summary>The firewall mark; 0 for a service that has an address.</summary>
    public uint FirewallMark { get; init; }

    /// <summary>The scheduler as <c>ipvsadm</c> names it: <c>rr</c>; <c>none</c> if there is none.</summary>
    public string Scheduler { get; init; } = "none";

    /// <summary>IP_VS_SVC_F_*: 1 persistent, 2 hashed (internal), 4 one-packet, 8/16/32 specific to the scheduler.</summary>
    public uint Flags { get; init; }

    /// <summary>Persistence timeout in seconds.</summary>
    public uint Timeout { get; init; }

    /// <summary>Persistence granularity: the prefix length of the client's network; 32 or 128 treats each client separately.</summary>
    public int PrefixLength { get; init; }

    /// <summary>The persistence engine, <c>sip</c>; null if there is none.</summary>
    public string? PersistenceEngine { get; init; }

    /// <summary>The traffic counters.</summary>
    public IpvsStatistics Statistics { get; init; }

    /// <summary>Whether clients stay on their real server.</summary>
    public bool IsPersistent => (Flags & LinuxIpVs.IP_VS_SVC_F_PERSISTENT) != 0;

    /// <summary>The text as <c>ipvsadm</c> prints it: <c>TCP 192.0.2.10:80 rr</c>, <c>FWM 7 rr</c>.</summary>
    public override string ToString()
    {
        string name = FirewallMark != 0 || Address is null
            ? string.Create(CultureInfo.InvariantCulture, $"FWM {FirewallMark}")
            : $"{ProtocolName} {new IPEndPoint(Address, Port)}";
        return $"{name} {Scheduler}";
    }

    private string ProtocolName => Protocol switch
    {
        LinuxIpVs.IPPROTO_TCP => "TCP",
        LinuxIpVs.IPPROTO_UDP => "UDP",
        LinuxIpVs.IPPROTO_SCTP => "SCTP",
        _ => string.Create(CultureInfo.InvariantCulture, $"IP_{Protocol}"),
    };
}
