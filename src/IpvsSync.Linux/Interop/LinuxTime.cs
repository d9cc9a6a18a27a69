namespace IpvsSync.Linux.Interop;

/// <summary>linux/time.h.</summary>
internal static class LinuxTime
{
    internal const int CLOCK_MONOTONIC_COARSE = 6;
}
