namespace IpvsSync.Linux.Interop;

/// <summary>linux/if.h.</summary>
internal static class LinuxIf
{
    /// <summary>The longest interface name with its NUL, in bytes.</summary>
    internal const int IFNAMSIZ = 16;

    internal const short IFF_UP = 1;

    /// <summary>The interface is up and its operational state is up or unknown: it has a carrier, as far as the driver can tell.</summary>
    internal const short IFF_RUNNING = 0x40;
}
