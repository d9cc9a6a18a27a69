namespace IpvsSync.Lab.Load;

/// <summary>A grid of equal periods from <paramref name="origin"/> on, in which each connection has a phase of its own. Nanoseconds.</summary>
internal sealed class Rhythm(long origin, long period)
{
    /// <summary>Multiples of it, cut to their fraction, lie evenly in a period however many there are.</summary>
    private const double GoldenRatio = 0.6180339887498949;

    public long Period => period;

    /// <summary>The first moment after <paramref name="now"/> that lies on the grid of connection <paramref name="index"/>.</summary>
    public long FirstAfter(long now, int index)
    {
        long first = origin + (long)(index * GoldenRatio % 1 * period);
        return first > now ? first : first + (((now - first) / period) + 1) * period;
    }
}
