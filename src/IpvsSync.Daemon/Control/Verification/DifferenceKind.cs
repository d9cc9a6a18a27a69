namespace IpvsSync.Daemon.Control.Verification;

/// <summary>In what the kernel's table and ours differ about a connection.</summary>
internal enum DifferenceKind
{
    /// <summary>We have it, the kernel has not.</summary>
    MissingInKernel,

    /// <summary>The kernel has it, we have not.</summary>
    MissingInTable,

    /// <summary>The real servers are not the same.</summary>
    RealServer,

    /// <summary>The states are not the same.</summary>
    State,
}
