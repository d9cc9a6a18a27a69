using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>How long a tick of the kernel is, in which it counts timeouts.</summary>
public static unsafe class KernelTicks
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Ticks a second (CONFIG_HZ). A coarse clock moves once a tick, and the kernel says so.</summary>
    /// <exception cref="KernelException">The kernel does not say.</exception>
    public static int PerSecond()
    {
        TimeSpecification tick;
        if (Libc.GetClockResolution(LinuxTime.CLOCK_MONOTONIC_COARSE, &tick) < 0 || tick.TotalNanoseconds <= 0)
            throw KernelException.FromLastCall("ask for the length of a tick");
        return (int)((NanosecondsPerSecond + (tick.TotalNanoseconds / 2)) / tick.TotalNanoseconds);
    }
}
