using System.Diagnostics;

namespace IpvsSync.Lab;

/// <summary>The clock of the lab: CLOCK_MONOTONIC in nanoseconds, the same in every namespace of the kernel.</summary>
internal static class Clock
{
    public const long NanosecondsPerMillisecond = 1_000_000;
    public const long NanosecondsPerSecond = 1_000_000_000;

    public static long Now => Stopwatch.GetTimestamp() * (NanosecondsPerSecond / Stopwatch.Frequency);
}
