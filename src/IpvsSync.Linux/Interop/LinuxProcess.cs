namespace IpvsSync.Linux.Interop;

/// <summary>asm-generic/resource.h and asm-generic/signal.h.</summary>
internal static class LinuxProcess
{
    internal const int RLIMIT_NOFILE = 7;

    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int SIGPIPE = 13;
    internal const int SIGALRM = 14;
    internal const int SIGSTKFLT = 16;
    internal const int SIGXFSZ = 25;
    internal const int SIGVTALRM = 26;
    internal const int SIGPROF = 27;
    internal const int SIGIO = 29;
    internal const int SIGPWR = 30;

    /// <summary>The first real-time signal that neither the C library (32, 33) nor the runtime (34) uses.</summary>
    internal const int FreeRealTimeSignal = 35;

    /// <summary>SIGRTMAX.</summary>
    internal const int LastSignal = 64;

    internal const nint SIG_IGN = 1;

    /// <summary>asm-generic/ioctls.h: reads the size of a terminal.</summary>
    internal const nuint TIOCGWINSZ = 0x5413;
}
