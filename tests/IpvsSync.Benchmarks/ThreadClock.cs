using System.Runtime.InteropServices;

namespace IpvsSync.Benchmarks;

/// <summary>The processor time of the calling thread, time.h's CLOCK_THREAD_CPUTIME_ID. A read costs a system call.</summary>
internal static partial class ThreadClock
{
    private const int CLOCK_THREAD_CPUTIME_ID = 3;

    /// <summary>Nanoseconds that the calling thread has used.</summary>
    public static long Nanoseconds => GetTime(CLOCK_THREAD_CPUTIME_ID, out Timespec time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}
