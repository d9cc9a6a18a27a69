namespace IpvsSync.Daemon.Options;

/// <summary>Where connections come from and where they go on this director. Key <c>Kernel:Mode</c>.</summary>
internal enum KernelMode
{
    /// <summary><see cref="Ipvs"/> where the kernel has IPVS, else a clear error.</summary>
    Auto,

    /// <summary>The kernel's IPVS: its sync daemons on the loopback are started and stopped by us.</summary>
    Ipvs,

    /// <summary>Somebody else runs the kernel's daemons at the configured addresses; we listen and inject, without netlink.</summary>
    Attached,

    /// <summary>The embedded director, with simulated traffic, in the kernel's place; what the peers tell goes to our table only.</summary>
    Embedded,

    /// <summary>Nothing enters or leaves a kernel: datagrams of the peers are read, checked and counted.</summary>
    None,
}
