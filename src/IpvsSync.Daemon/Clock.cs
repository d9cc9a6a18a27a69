namespace IpvsSync.Daemon;

/// <summary>The one clock of tables and lanes.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since some fixed moment, never going back.</summary>
    public static long Milliseconds(this TimeProvider time)
        => (long)((Int128)time.GetTimestamp() * 1000 / time.TimestampFrequency);
}
