namespace IpvsSync.Linux.Interop;

/// <summary>linux/netlink.h and linux/rtnetlink.h: what notices of changed links and addresses need.</summary>
internal static class LinuxRtnetlink
{
    internal const int NETLINK_ROUTE = 0;

    internal const int NETLINK_ADD_MEMBERSHIP = 1;

    internal const int RTNLGRP_LINK = 1;
    internal const int RTNLGRP_IPV4_IFADDR = 5;
    internal const int RTNLGRP_IPV6_IFADDR = 9;
}
