namespace IpvsSync.Daemon.Simulation;

/// <summary>How a quantity of the workload varies around its mean.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Mean">The mean, in the unit of the quantity.</param>
internal readonly record struct Distribution(DistributionShape Shape, double Mean)
{
    /// <summary>The exponent of the Pareto shape: a heavy tail that still has a mean. Its smallest value is a third of the mean.</summary>
    private const double ParetoExponent = 1.5;

    /// <summary>Every sample has this value.</summary>
    public static Distribution Fixed(double value) => new(DistributionShape.Fixed, value);

    /// <summary>Many small values, few large ones.</summary>
    public static Distribution Exponential(double mean) => new(DistributionShape.Exponential, mean);

    /// <summary>Most values below the mean, a few far above.</summary>
    public static Distribution Pareto(double mean) => new(DistributionShape.Pareto, mean);

    /// <summary>One sample, never negative.</summary>
    public double Sample(Random random)
    {
        double chance = 1 - random.NextDouble(); // above 0, so that neither shape becomes infinite
        return Shape switch
        {
            DistributionShape.Exponential => -Mean * Math.Log(chance),
            DistributionShape.Pareto => Mean * (ParetoExponent - 1) / ParetoExponent * Math.Pow(chance, -1 / ParetoExponent),
            _ => Mean,
        };
    }
}
