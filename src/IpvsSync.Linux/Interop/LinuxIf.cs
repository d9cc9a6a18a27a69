namespace IpvsSync.Linux.Interop;

/// <summary>linux/if.h.</summary>
internal static class LinuxIf
{
    /// <summary>The longest interface name with its NUL, in bytes.</summary>
    internal const int IFNAMSIZ = 16;

    internal const short IFF_UP = 1;
}
