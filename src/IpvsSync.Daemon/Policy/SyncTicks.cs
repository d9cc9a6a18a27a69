namespace IpvsSync.Daemon.Policy;

/// <summary>The kernel's arithmetic on ticks. All times may wrap around, so they are compared by their signed difference.</summary>
internal static class SyncTicks
{
    /// <summary>The mask of the two low bits of an end time, which count retries (spec §4.2).</summary>
    public const long RetryMask = 3;

    /// <summary>Rounds down to a multiple of 4, which clears the bits of the retry count.</summary>
    public static long RoundDown(long ticks) => ticks & ~RetryMask;

    /// <summary>Whether <paramref name="time"/> is before <paramref name="other"/>.</summary>
    public static bool IsBefore(long time, long other) => time - other < 0;

    /// <summary>The absolute difference between two times.</summary>
    public static long Distance(long time, long other)
    {
        long difference = time - other;
        return difference < 0 ? -difference : difference;
    }
}
