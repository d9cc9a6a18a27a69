namespace IpvsSync.Linux.Netlink;

/// <summary>linux/genetlink.h.</summary>
internal static class LinuxGenetlink
{
    /// <summary>struct genlmsghdr: command u8, version u8, reserved u16.</summary>
    internal const int GENL_HDRLEN = 4;

    internal const ushort GENL_ID_CTRL = 16;

    internal const byte CTRL_CMD_GETFAMILY = 3;
    internal const byte CTRL_VERSION = 1;

    internal const ushort CTRL_ATTR_FAMILY_ID = 1;
    internal const ushort CTRL_ATTR_FAMILY_NAME = 2;
}
