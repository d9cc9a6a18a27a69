using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>The last resort of a process that cannot end in order.</summary>
public static class ProcessEnd
{
    /// <summary>
    /// Ends the process at once: no handler runs and no thread is asked, so nothing can hang. The kernel closes what is open.
    /// </summary>
    public static void Now(int exitCode) => Libc.Exit(exitCode);
}
