using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>How many descriptors this process may have.</summary>
public static unsafe class OpenFileLimit
{
    /// <summary>Raises the soft limit to the hard limit, which needs no privilege.</summary>
    /// <returns>The limit in force.</returns>
    /// <exception cref="KernelException">The kernel refused; the limit is as before.</exception>
    public static ulong Raise()
    {
        ResourceLimit limit;
        if (Libc.GetResourceLimit(LinuxProcess.RLIMIT_NOFILE, &limit) != 0)
            throw KernelException.FromLastCall("read the limit of open files");
        if (limit.Soft >= limit.Hard)
            return limit.Soft;
        limit.Soft = limit.Hard;
        return Libc.SetResourceLimit(LinuxProcess.RLIMIT_NOFILE, &limit) == 0
            ? limit.Soft
            : throw KernelException.FromLastCall($"raise the limit of open files to {limit.Hard}");
    }
}
