using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// How long connections live without packets, in seconds: the three timeouts that <c>ipvsadm --set</c> sets, all others as in spec §8.5 and
/// §8.6.
/// </summary>
internal sealed record KernelTimeouts
{
    /// <summary>The kernel's defaults.</summary>
    public static readonly KernelTimeouts Default = new();

    /// <summary>The timeout of TCP in ESTABLISHED.</summary>
    public uint Tcp { get; init; } = 900;

    /// <summary>The timeout of TCP in FIN_WAIT.</summary>
    public uint TcpFin { get; init; } = 120;

    /// <summary>The timeout of UDP.</summary>
    public uint Udp { get; init; } = 300;

    /// <summary>The timeout of a connection in a state.</summary>
    public uint Of(byte protocol, ushort state) => (protocol, state) switch
    {
        (IpProtocol.Tcp, ConnectionState.IP_VS_TCP_S_ESTABLISHED) => Tcp,
        (IpProtocol.Tcp, ConnectionState.IP_VS_TCP_S_FIN_WAIT) => TcpFin,
        (IpProtocol.Udp, _) => Udp,
        _ => ConnectionState.DefaultTimeout(protocol, state),
    };

    /// <summary>The timeout of an entry: its own or, if it carries none, that of its state (spec §6.5, step 4).</summary>
    public uint Of(in ConnectionEntry entry)
    {
        if (entry.Timeout != 0)
            return entry.Timeout;
        ConnectionKey key = entry.Key;
        return key.IsTemplate ? ConnectionState.DefaultTimeout(key.Protocol, entry.State, isTemplate: true) : Of(key.Protocol, entry.State);
    }
}
