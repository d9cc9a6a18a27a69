namespace IpvsSync.Daemon.Workers;

/// <summary>The clock of tables and lanes.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since a fixed moment; never goes back.</summary>
    public static long Milliseconds(this TimeProvider time) => time.ToMilliseconds(time.GetTimestamp());

    /// <summary>A timestamp of this clock in milliseconds, rounded down.</summary>
    public static long ToMilliseconds(this TimeProvider time, long timestamp)
    {
        // Nearly all clocks have a whole number of ticks per millisecond. 128-bit arithmetic is slow, and every update reads the clock.
        (long ticks, long rest) = Math.DivRem(time.TimestampFrequency, 1000);
        return rest == 0 ? timestamp / ticks : (long)((Int128)timestamp * 1000 / time.TimestampFrequency);
    }

    /// <summary>The timestamp of this clock at which its milliseconds are <paramref name="milliseconds"/>, rounded down.</summary>
    public static long ToTimestamp(this TimeProvider time, long milliseconds) => (long)((Int128)milliseconds * time.TimestampFrequency / 1000);
}
