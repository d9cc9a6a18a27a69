namespace IpvsSync.Protocol;

#pragma warning disable CA1707 // Kernel constants keep the kernel's spelling: include/uapi/linux/ip_vs.h.

/// <summary>The sets of flags that the protocol treats in the same way (spec §3.2).</summary>
public static class ConnectionFlagMasks
{
    /// <summary>
    /// 0x1F87: the flags of an entry that a receiver keeps when it creates a record. Version 0 applies this mask only since the 2026
    /// hardening.
    /// </summary>
    public const ConnectionFlags IP_VS_CONN_F_BACKUP_MASK =
        ConnectionFlags.IP_VS_CONN_F_FWD_MASK | ConnectionFlags.IP_VS_CONN_F_NOOUTPUT | ConnectionFlags.IP_VS_CONN_F_INACTIVE |
        ConnectionFlags.IP_VS_CONN_F_SEQ_MASK | ConnectionFlags.IP_VS_CONN_F_NO_CPORT | ConnectionFlags.IP_VS_CONN_F_TEMPLATE;

    /// <summary>
    /// 0x0700: the flags that an existing record takes over from a message, since the 2012 series. Its other flags stay (spec §6.2).
    /// </summary>
    public const ConnectionFlags IP_VS_CONN_F_BACKUP_UPD_MASK =
        ConnectionFlags.IP_VS_CONN_F_INACTIVE | ConnectionFlags.IP_VS_CONN_F_SEQ_MASK;

    /// <summary>0x12007: the flags that an administrator may set on a destination.</summary>
    public const ConnectionFlags IP_VS_CONN_F_DEST_MASK =
        ConnectionFlags.IP_VS_CONN_F_FWD_MASK | ConnectionFlags.IP_VS_CONN_F_ONE_PACKET | ConnectionFlags.IP_VS_CONN_F_NFCT;
}
