using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>Signals that mean nothing to a daemon and whose default action would end it.</summary>
public static class StraySignals
{
    private static readonly int[] s_signals =
    [
        LinuxProcess.SIGUSR1, LinuxProcess.SIGUSR2, LinuxProcess.SIGPIPE, LinuxProcess.SIGALRM, LinuxProcess.SIGSTKFLT, LinuxProcess.SIGXFSZ,
        LinuxProcess.SIGVTALRM, LinuxProcess.SIGPROF, LinuxProcess.SIGIO, LinuxProcess.SIGPWR,
        .. Enumerable.Range(LinuxProcess.FreeRealTimeSignal, LinuxProcess.LastSignal - LinuxProcess.FreeRealTimeSignal + 1),
    ];

    /// <summary>
    /// Ignores them from now on. Signals of a fault (SIGSEGV, SIGABRT ...), of job control and of the CPU limit keep their meaning.
    /// </summary>
    public static void Ignore()
    {
        foreach (int signal in s_signals)
            Libc.Signal(signal, LinuxProcess.SIG_IGN);
    }
}
