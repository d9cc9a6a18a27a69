namespace IpvsSync.Protocol;

#pragma warning disable CA1707 // Kernel constants keep the kernel's spelling: include/net/ip_vs.h.

/// <summary>The states of connections by protocol: their numbers on the wire, names and timeouts (spec §6.6, §8.5, §8.6).</summary>
/// <remarks>SCTP states have the numbers used since kernel 3.13; older kernels misread them (spec §8.6).</remarks>
public static class ConnectionState
{
    /// <summary>TCP, no state known.</summary>
    public const ushort IP_VS_TCP_S_NONE = 0;

    /// <summary>TCP, handshake done.</summary>
    public const ushort IP_VS_TCP_S_ESTABLISHED = 1;

    /// <summary>TCP, SYN seen from the real server's side.</summary>
    public const ushort IP_VS_TCP_S_SYN_SENT = 2;

    /// <summary>TCP, SYN seen from the client.</summary>
    public const ushort IP_VS_TCP_S_SYN_RECV = 3;

    /// <summary>TCP, one side has closed.</summary>
    public const ushort IP_VS_TCP_S_FIN_WAIT = 4;

    /// <summary>TCP, both sides have closed.</summary>
    public const ushort IP_VS_TCP_S_TIME_WAIT = 5;

    /// <summary>TCP, reset.</summary>
    public const ushort IP_VS_TCP_S_CLOSE = 6;

    /// <summary>TCP, the other side has closed.</summary>
    public const ushort IP_VS_TCP_S_CLOSE_WAIT = 7;

    /// <summary>TCP, waiting for the last acknowledgement.</summary>
    public const ushort IP_VS_TCP_S_LAST_ACK = 8;

    /// <summary>TCP, listening.</summary>
    public const ushort IP_VS_TCP_S_LISTEN = 9;

    /// <summary>TCP, SYN cookie defence.</summary>
    public const ushort IP_VS_TCP_S_SYNACK = 10;

    /// <summary>UDP, its only state.</summary>
    public const ushort IP_VS_UDP_S_NORMAL = 0;

    /// <summary>SCTP, no state known.</summary>
    public const ushort IP_VS_SCTP_S_NONE = 0;

    /// <summary>SCTP, first INIT.</summary>
    public const ushort IP_VS_SCTP_S_INIT1 = 1;

    /// <summary>SCTP, INIT.</summary>
    public const ushort IP_VS_SCTP_S_INIT = 2;

    /// <summary>SCTP, INIT ACK sent.</summary>
    public const ushort IP_VS_SCTP_S_COOKIE_SENT = 3;

    /// <summary>SCTP, cookie replied.</summary>
    public const ushort IP_VS_SCTP_S_COOKIE_REPLIED = 4;

    /// <summary>SCTP, waiting for the cookie.</summary>
    public const ushort IP_VS_SCTP_S_COOKIE_WAIT = 5;

    /// <summary>SCTP, cookie.</summary>
    public const ushort IP_VS_SCTP_S_COOKIE = 6;

    /// <summary>SCTP, cookie echoed.</summary>
    public const ushort IP_VS_SCTP_S_COOKIE_ECHOED = 7;

    /// <summary>SCTP, association up.</summary>
    public const ushort IP_VS_SCTP_S_ESTABLISHED = 8;

    /// <summary>SCTP, shutdown sent.</summary>
    public const ushort IP_VS_SCTP_S_SHUTDOWN_SENT = 9;

    /// <summary>SCTP, shutdown received.</summary>
    public const ushort IP_VS_SCTP_S_SHUTDOWN_RECEIVED = 10;

    /// <summary>SCTP, shutdown acknowledged.</summary>
    public const ushort IP_VS_SCTP_S_SHUTDOWN_ACK_SENT = 11;

    /// <summary>SCTP, refused.</summary>
    public const ushort IP_VS_SCTP_S_REJECTED = 12;

    /// <summary>SCTP, gone.</summary>
    public const ushort IP_VS_SCTP_S_CLOSED = 13;

    /// <summary>Template: no connection under it was established.</summary>
    public const ushort IP_VS_CTPL_S_NONE = 0;

    /// <summary>Template: a connection under it was established (since kernel 4.19).</summary>
    public const ushort IP_VS_CTPL_S_ASSURED = 1;

    /// <summary>The number of states of a template: 0 and 1 (spec §2.5 J).</summary>
    public const int TemplateStateCount = 2;

    /// <summary>The timeout in seconds where no table gives one: templates, AH, ESP (spec §6.5).</summary>
    public const uint FallbackTimeout = 180;

    /// <summary>The number of states, counted from 0, of a protocol's connections; 0 for a protocol that IPVS does not balance.</summary>
    public static int StateCount(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => 11,
        IpProtocol.Udp => 1,
        IpProtocol.Sctp => 14,
        IpProtocol.Ah or IpProtocol.Esp => 1,
        _ => 0,
    };

    /// <summary>The timeout in seconds that a receiver gives to a connection whose entry contains none (spec §6.5).</summary>
    public static uint DefaultTimeout(byte protocol, ushort state, bool isTemplate = false)
    {
        ReadOnlySpan<ushort> timeouts = isTemplate ? [] : ConnectionStateTables.Timeouts(protocol);
        return state < timeouts.Length ? timeouts[state] : FallbackTimeout;
    }

    /// <summary>The name as <c>/proc/net/ip_vs_conn</c> prints it; <c>ERR!</c> for a number without a name.</summary>
    public static string Name(byte protocol, ushort state, bool isTemplate)
    {
        ReadOnlySpan<string> names = isTemplate ? ConnectionStateTables.TemplateNames : ConnectionStateTables.Names(protocol);
        return state < names.Length ? names[state] : "ERR!";
    }
}
