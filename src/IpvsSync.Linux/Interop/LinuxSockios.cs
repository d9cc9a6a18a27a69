namespace IpvsSync.Linux.Interop;

/// <summary>linux/sockios.h and linux/if.h.</summary>
internal static class LinuxSockios
{
    internal const nuint SIOCGIFMTU = 0x8921;

    /// <summary>Longest interface name with its NUL.</summary>
    internal const int IFNAMSIZ = 16;

    /// <summary>struct ifreq on a 64-bit kernel.</summary>
    internal const int IfreqSize = 40;
}
