namespace IpvsSync.Daemon.Workers;

/// <summary>The one clock of tables and lanes.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since some fixed moment, never going back.</summary>
    public static long Milliseconds(this TimeProvider time)
    {
        // Nearly all clocks count whole ticks a millisecond; 128 bits take their time, and this is asked for every update.
        (long ticks, long rest) = Math.DivRem(time.TimestampFrequency, 1000);
        return rest == 0 ? time.GetTimestamp() / ticks : (long)((Int128)time.GetTimestamp() * 1000 / time.TimestampFrequency);
    }
}
