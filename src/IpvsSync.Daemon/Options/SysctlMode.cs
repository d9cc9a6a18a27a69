namespace IpvsSync.Daemon.Options;

/// <summary>Who sets the sysctls that the daemon needs. Key <c>Kernel:Sysctls</c>.</summary>
internal enum SysctlMode
{
    /// <summary>We do, and restore them at the stop.</summary>
    Set,

    /// <summary>Somebody else does: we only read them, and refuse what they do not suffice for.</summary>
    Check,
}
