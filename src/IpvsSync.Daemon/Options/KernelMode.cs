namespace IpvsSync.Daemon.Options;

/// <summary>Where connections come from and where they go on this director. Key <c>Kernel:Mode</c>.</summary>
internal enum KernelMode
{
    /// <summary>As <see cref="Ipvs"/>; a kernel without IPVS is an error.</summary>
    Auto,

    /// <summary>The kernel's IPVS: we start and stop its sync daemons on the loopback.</summary>
    Ipvs,

    /// <summary>Another program runs the kernel's sync daemons at the configured addresses; we listen and inject, without netlink.</summary>
    Attached,

    /// <summary>The embedded director with simulated traffic takes the kernel's place; the peers' connections go to our table only.</summary>
    Embedded,

    /// <summary>No kernel: the peers' messages are read, checked, counted and kept in our table.</summary>
    None,
}
