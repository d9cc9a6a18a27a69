namespace IpvsSync.Daemon.Control.Verification;

/// <summary>The kinds of difference between the kernel's table and this daemon's.</summary>
internal enum DifferenceKind
{
    /// <summary>The connection is missing in the kernel's table.</summary>
    MissingInKernel,

    /// <summary>The connection is missing in this daemon's table.</summary>
    MissingInTable,

    /// <summary>The real servers differ.</summary>
    RealServer,

    /// <summary>The states differ.</summary>
    State,
}
