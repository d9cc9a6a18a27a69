namespace IpvsSync.Daemon.Simulation;

/// <summary>The shapes of a <see cref="Distribution"/>.</summary>
internal enum DistributionShape : byte
{
    /// <summary>A single value.</summary>
    Fixed,

    /// <summary>Exponential.</summary>
    Exponential,

    /// <summary>Pareto: a heavy tail.</summary>
    Pareto,
}
