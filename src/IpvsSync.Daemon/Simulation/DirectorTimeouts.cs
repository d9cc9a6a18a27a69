using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// How long connections live without packets, in seconds: the three that <c>ipvsadm --set</c> sets, all else as in spec §8.5 and §8.6.
/// </summary>
internal sealed record DirectorTimeouts
{
    /// <summary>TCP, ESTABLISHED.</summary>
    public int Tcp { get; init; } = 900;

    /// <summary>TCP, FIN_WAIT.</summary>
    public int TcpFin { get; init; } = 120;

    /// <summary>UDP.</summary>
    public int Udp { get; init; } = 300;

    /// <summary>The timeout of a connection in a state.</summary>
    public long Of(byte protocol, ushort state) => (protocol, state) switch
    {
        (IpProtocol.Tcp, ConnectionState.IP_VS_TCP_S_ESTABLISHED) => Tcp,
        (IpProtocol.Tcp, ConnectionState.IP_VS_TCP_S_FIN_WAIT) => TcpFin,
        (IpProtocol.Udp, _) => Udp,
        _ => ConnectionState.DefaultTimeout(protocol, state),
    };
}
