using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>The states in which the kernel's master sends a connection (spec §4.3, rule 3). Pure.</summary>
internal static class SentStates
{
    /// <summary>The TCP states that are sent: bit n for state n.</summary>
    public const uint Tcp = 1 << ConnectionState.IP_VS_TCP_S_ESTABLISHED | 1 << ConnectionState.IP_VS_TCP_S_FIN_WAIT
        | 1 << ConnectionState.IP_VS_TCP_S_TIME_WAIT | 1 << ConnectionState.IP_VS_TCP_S_CLOSE | 1 << ConnectionState.IP_VS_TCP_S_CLOSE_WAIT;

    /// <summary>The SCTP states that are sent: bit n for state n.</summary>
    public const uint Sctp = 1 << ConnectionState.IP_VS_SCTP_S_ESTABLISHED | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_SENT
        | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_RECEIVED | 1 << ConnectionState.IP_VS_SCTP_S_SHUTDOWN_ACK_SENT
        | 1 << ConnectionState.IP_VS_SCTP_S_CLOSED;

    /// <summary>Whether a set of states, bit n for state n, contains this one.</summary>
    public static bool Includes(uint states, ushort state) => state < 32 && (states >> state & 1) != 0;

    /// <summary>Whether a master may send a connection in this state.</summary>
    public static bool Includes(in ConnectionKey key, ushort state) => key.IsTemplate || key.Protocol switch
    {
        IpProtocol.Tcp => Includes(Tcp, state),
        IpProtocol.Sctp => Includes(Sctp, state),
        _ => true,
    };

    /// <summary>
    /// Whether a connection may go from this state to one that is never sent, and end there, without a message about either. An established
    /// connection, or one whose protocol has only one state, may not.
    /// </summary>
    public static bool MayEndUnsent(in ConnectionKey key, ushort state) => !key.IsTemplate && key.Protocol switch
    {
        IpProtocol.Tcp => state != ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        IpProtocol.Sctp => state != ConnectionState.IP_VS_SCTP_S_ESTABLISHED,
        _ => false,
    };
}
