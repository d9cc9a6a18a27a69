namespace IpvsSync.Linux.Interop;

/// <summary>linux/if.h.</summary>
internal static class LinuxIf
{
    /// <summary>Longest interface name with its NUL.</summary>
    internal const int IFNAMSIZ = 16;

    internal const short IFF_UP = 1;
}
