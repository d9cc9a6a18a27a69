namespace IpvsSync.Linux.Interop;

/// <summary>linux/sockios.h.</summary>
internal static class LinuxSockios
{
    internal const nuint SIOCGIFFLAGS = 0x8913;
    internal const nuint SIOCSIFFLAGS = 0x8914;
    internal const nuint SIOCSIFADDR = 0x8916;
    internal const nuint SIOCSIFNETMASK = 0x891C;
    internal const nuint SIOCGIFMTU = 0x8921;
    internal const nuint SIOCSIFTXQLEN = 0x8943;
}
