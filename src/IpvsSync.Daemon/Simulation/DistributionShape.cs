namespace IpvsSync.Daemon.Simulation;

/// <summary>The forms of a <see cref="Distribution"/>.</summary>
internal enum DistributionShape : byte
{
    /// <summary>One value.</summary>
    Fixed,

    /// <summary>Exponential.</summary>
    Exponential,

    /// <summary>Pareto: a heavy tail.</summary>
    Pareto,
}
