using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>Which states the kernel's master ever tells (spec §4.3, step 3).</summary>
internal static class ToldStates
{
    /// <summary>Whether a sync message about a connection in this state may come.</summary>
    public static bool Includes(in ConnectionKey key, ushort state) => key.IsTemplate || key.Protocol switch
    {
        IpProtocol.Tcp => state is ConnectionState.IP_VS_TCP_S_ESTABLISHED or ConnectionState.IP_VS_TCP_S_FIN_WAIT
            or ConnectionState.IP_VS_TCP_S_TIME_WAIT or ConnectionState.IP_VS_TCP_S_CLOSE or ConnectionState.IP_VS_TCP_S_CLOSE_WAIT,
        IpProtocol.Sctp => state is ConnectionState.IP_VS_SCTP_S_ESTABLISHED or ConnectionState.IP_VS_SCTP_S_SHUTDOWN_SENT
            or ConnectionState.IP_VS_SCTP_S_SHUTDOWN_RECEIVED or ConnectionState.IP_VS_SCTP_S_SHUTDOWN_ACK_SENT
            or ConnectionState.IP_VS_SCTP_S_CLOSED,
        _ => true,
    };

    /// <summary>
    /// Whether a connection may leave this state for one that is never told, and end there, without a word about either. Only what is
    /// established or has one state may not.
    /// </summary>
    public static bool MayEndUntold(in ConnectionKey key, ushort state) => !key.IsTemplate && key.Protocol switch
    {
        IpProtocol.Tcp => state != ConnectionState.IP_VS_TCP_S_ESTABLISHED,
        IpProtocol.Sctp => state != ConnectionState.IP_VS_SCTP_S_ESTABLISHED,
        _ => false,
    };
}
