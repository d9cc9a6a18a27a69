using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>linux/futex.h; the number of the system call for each processor from asm/unistd.h.</summary>
internal static class LinuxFutex
{
    internal const int FUTEX_WAIT_PRIVATE = 0 | 128;
    internal const int FUTEX_WAKE_PRIVATE = 1 | 128;

    internal static readonly nint SYS_futex = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 or Architecture.RiscV64 => 98,
        _ => throw new PlatformNotSupportedException($"the number of the futex call on {RuntimeInformation.ProcessArchitecture} is not known"),
    };
}
