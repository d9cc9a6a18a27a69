namespace IpvsSync.Linux.Netlink;

/// <summary>linux/netlink.h.</summary>
internal static class LinuxNetlink
{
    internal const int NETLINK_SOCK_DIAG = 4;
    internal const int NETLINK_GENERIC = 16;

    /// <summary>struct nlmsghdr: length u32, type u16, flags u16, sequence u32, port u32.</summary>
    internal const int NLMSG_HDRLEN = 16;

    internal const ushort NLMSG_NOOP = 1;
    internal const ushort NLMSG_ERROR = 2;
    internal const ushort NLMSG_DONE = 3;

    internal const ushort NLM_F_REQUEST = 0x1;
    internal const ushort NLM_F_ACK = 0x4;
    internal const ushort NLM_F_DUMP_INTR = 0x10;
    internal const ushort NLM_F_CAPPED = 0x100;
    internal const ushort NLM_F_ACK_TLVS = 0x200;
    internal const ushort NLM_F_DUMP = 0x300;

    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;

    internal const ushort NLMSGERR_ATTR_MSG = 1;

    /// <summary>struct nlattr: length u16, type u16.</summary>
    internal const int NLA_HDRLEN = 4;

    /// <summary>NLA_F_NESTED and NLA_F_NET_BYTEORDER are not part of the type.</summary>
    internal const ushort NLA_TYPE_MASK = 0x3FFF;

    /// <summary>NLMSG_ALIGN and NLA_ALIGN: rounds up to a multiple of 4.</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
