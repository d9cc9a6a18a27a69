namespace IpvsSync.Protocol;

#pragma warning disable CA1707 // Kernel constants keep the kernel's spelling: include/uapi/linux/ip_vs.h.

/// <summary>The sets of flags that the protocol treats alike (spec §3.2).</summary>
public static class ConnectionFlagMasks
{
    /// <summary>
    /// 0x1F87: what a receiver keeps of an entry when it creates a record; in version 0 only since the 2026 hardening.
    /// </summary>
    public const ConnectionFlags IP_VS_CONN_F_BACKUP_MASK =
        ConnectionFlags.IP_VS_CONN_F_FWD_MASK | ConnectionFlags.IP_VS_CONN_F_NOOUTPUT | ConnectionFlags.IP_VS_CONN_F_INACTIVE |
        ConnectionFlags.IP_VS_CONN_F_SEQ_MASK | ConnectionFlags.IP_VS_CONN_F_NO_CPORT | ConnectionFlags.IP_VS_CONN_F_TEMPLATE;

    /// <summary>
    /// 0x0700: what an existing record takes over from a message, since the 2012 series; its other flags stay (spec §6.2).
    /// </summary>
    public const ConnectionFlags IP_VS_CONN_F_BACKUP_UPD_MASK =
        ConnectionFlags.IP_VS_CONN_F_INACTIVE | ConnectionFlags.IP_VS_CONN_F_SEQ_MASK;

    /// <summary>0x12007: what an administrator may give to a destination.</summary>
    public const ConnectionFlags IP_VS_CONN_F_DEST_MASK =
        ConnectionFlags.IP_VS_CONN_F_FWD_MASK | ConnectionFlags.IP_VS_CONN_F_ONE_PACKET | ConnectionFlags.IP_VS_CONN_F_NFCT;
}
