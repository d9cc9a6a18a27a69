namespace IpvsSync.Daemon.Policy;

/// <summary>The kernel's arithmetic on ticks: all of it may wrap around, so times are compared by their signed difference.</summary>
internal static class SyncTicks
{
    /// <summary>The two low bits of an end time count retries (spec §4.2).</summary>
    public const long RetryMask = 3;

    /// <summary>Down to a multiple of 4, which leaves room for the retry count.</summary>
    public static long RoundDown(long ticks) => ticks & ~RetryMask;

    /// <summary>Whether <paramref name="time"/> lies before <paramref name="other"/>.</summary>
    public static bool IsBefore(long time, long other) => time - other < 0;

    /// <summary>How far apart two times are, whichever comes first.</summary>
    public static long Distance(long time, long other)
    {
        long difference = time - other;
        return difference < 0 ? -difference : difference;
    }
}
