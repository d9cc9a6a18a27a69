namespace IpvsSync.Linux.Interop;

/// <summary>linux/inet_diag.h.</summary>
internal static class LinuxInetDiag
{
    /// <summary>The size of struct inet_diag_req_v2.</summary>
    internal const int RequestSize = 56;

    /// <summary>The size of struct inet_diag_msg.</summary>
    internal const int MessageSize = 72;

    internal const int INET_DIAG_SKMEMINFO = 7;
    internal const int INET_DIAG_MARK = 15;
    internal const uint INET_DIAG_NOCOOKIE = 0xFFFF_FFFF;
}
