namespace IpvsSync.Linux.Interop;

/// <summary>linux/sock_diag.h: the order of the words in SO_MEMINFO and INET_DIAG_SKMEMINFO.</summary>
internal static class LinuxSockDiag
{
    internal const ushort SOCK_DIAG_BY_FAMILY = 20;

    internal const int SK_MEMINFO_RMEM_ALLOC = 0;
    internal const int SK_MEMINFO_RCVBUF = 1;
    internal const int SK_MEMINFO_DROPS = 8;
    internal const int SK_MEMINFO_VARS = 9;
}
