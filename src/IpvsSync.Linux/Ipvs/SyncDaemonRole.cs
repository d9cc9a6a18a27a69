namespace IpvsSync.Linux.Ipvs;

/// <summary>The two roles of the kernel's connection sync (IP_VS_STATE_MASTER and IP_VS_STATE_BACKUP, linux/ip_vs.h).</summary>
public enum SyncDaemonRole
{
    /// <summary>Multicasts this director's connections.</summary>
    Master = 1,

    /// <summary>Receives another director's connections.</summary>
    Backup = 2,
}
