using System.Globalization;
using System.Net;

namespace IpvsSync.Linux.Ipvs;

/// <summary>A real server of a service (spec §7.3, DEST).</summary>
public sealed record IpvsDestination
{
    /// <summary>The address. Its family may differ from the service's if the server is reached through a tunnel.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port.</summary>
    public ushort Port { get; init; }

    /// <summary>IP_VS_CONN_F_*: 0 masquerading, 1 local node, 2 tunnel, 3 direct routing, 4 bypass.</summary>
    public uint ForwardingMethod { get; init; }

    /// <summary>The weight; 0 gets no new connections.</summary>
    public int Weight { get; init; }

    /// <summary>Above this number of connections the server gets no new ones; 0 means no limit.</summary>
    public uint UpperThreshold { get; init; }

    /// <summary>Below this number of connections the server gets new ones again.</summary>
    public uint LowerThreshold { get; init; }

    /// <summary>The current number of active connections (for TCP: established).</summary>
    public uint ActiveConnections { get; init; }

    /// <summary>The current number of all other connections.</summary>
    public uint InactiveConnections { get; init; }

    /// <summary>The current number of persistence templates.</summary>
    public uint PersistentConnections { get; init; }

    /// <summary>0 IPIP, 1 GUE, 2 GRE; on kernels since 5.2.</summary>
    public byte TunnelType { get; init; }

    /// <summary>The UDP port of a GUE tunnel.</summary>
    public ushort TunnelPort { get; init; }

    /// <summary>The checksum flags of a tunnel.</summary>
    public ushort TunnelFlags { get; init; }

    /// <summary>The traffic counters.</summary>
    public IpvsStatistics Statistics { get; init; }

    /// <summary>The text as <c>ipvsadm</c> prints it: <c>10.0.0.11:8080 Masq weight 1</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(Address, Port)} {MethodName} weight {Weight}");

    private string MethodName => ForwardingMethod switch
    {
        0 => "Masq",
        1 => "Local",
        2 => "Tunnel",
        3 => "Route",
        _ => "Bypass",
    };
}
