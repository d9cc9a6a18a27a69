namespace IpvsSync.Lab.Load;

/// <summary>A grid of equal periods from <paramref name="origin"/>, in which each connection has its own phase. In nanoseconds.</summary>
internal sealed class Rhythm(long origin, long period)
{
    /// <summary>The fractional parts of its multiples are evenly distributed over a period, whatever their number.</summary>
    private const double GoldenRatio = 0.6180339887498949;

    public long Period => period;

    /// <summary>The first time after <paramref name="now"/> on the grid of connection <paramref name="index"/>.</summary>
    public long FirstAfter(long now, int index)
    {
        long first = origin + (long)(index * GoldenRatio % 1 * period);
        return first > now ? first : first + (((now - first) / period) + 1) * period;
    }
}
