namespace IpvsSync.Linux.Interop;

/// <summary>linux/if_tun.h.</summary>
internal static class LinuxIfTun
{
    internal const nuint TUNSETIFF = 0x4004_54CA;

    internal const ushort IFF_TUN = 0x0001;
    internal const ushort IFF_NO_PI = 0x1000;
    internal const ushort IFF_TUN_EXCL = 0x8000;
}
