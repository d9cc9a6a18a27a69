namespace IpvsSync.Linux.Interop;

/// <summary>linux/in6.h.</summary>
internal static class LinuxIn6
{
    internal const int IPPROTO_IPV6 = 41;

    internal const int IPV6_MULTICAST_IF = 17;
    internal const int IPV6_MULTICAST_HOPS = 18;
    internal const int IPV6_MULTICAST_LOOP = 19;
    internal const int IPV6_ADD_MEMBERSHIP = 20;
    internal const int IPV6_MTU_DISCOVER = 23;
    internal const int IPV6_PMTUDISC_DONT = 0;
    internal const int IPV6_PMTUDISC_DO = 2;
    internal const int IPV6_MTU = 24;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_MULTICAST_ALL = 29;
}
