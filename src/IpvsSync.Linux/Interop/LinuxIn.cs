namespace IpvsSync.Linux.Interop;

/// <summary>linux/in.h.</summary>
internal static class LinuxIn
{
    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_UDP = 17;

    internal const int IP_MTU_DISCOVER = 10;
    internal const int IP_MTU = 14;
    internal const int IP_FREEBIND = 15;
    internal const int IP_PMTUDISC_DONT = 0;
    internal const int IP_PMTUDISC_DO = 2;
    internal const int IP_MULTICAST_IF = 32;
    internal const int IP_MULTICAST_TTL = 33;
    internal const int IP_MULTICAST_LOOP = 34;
    internal const int IP_ADD_MEMBERSHIP = 35;
    internal const int IP_MULTICAST_ALL = 49;
}
