namespace IpvsSync.Daemon.Simulation.Scheduling;

/// <summary>The schedulers, with the names that <c>ipvsadm -s</c> uses.</summary>
internal enum SchedulerKind : byte
{
    /// <summary>Round robin.</summary>
    Rr,

    /// <summary>Weighted round robin.</summary>
    Wrr,

    /// <summary>Least connections.</summary>
    Lc,

    /// <summary>Weighted least connections, the kernel's default.</summary>
    Wlc,

    /// <summary>Source hashing.</summary>
    Sh,
}
