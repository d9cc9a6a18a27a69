namespace IpvsSync.Linux.Interop;

/// <summary>linux/stat.h, and the flags of linux/fcntl.h for statx.</summary>
internal static class LinuxStat
{
    /// <summary>The size of struct statx.</summary>
    internal const int StatXSize = 256;

    /// <summary>The place of stx_mode, 16 bits, in struct statx.</summary>
    internal const int StatXMode = 28;

    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const uint STATX_TYPE = 1;

    internal const int S_IFMT = 0xF000;
    internal const int S_IFSOCK = 0xC000;
    internal const int S_IFLNK = 0xA000;
    internal const int S_IFREG = 0x8000;
    internal const int S_IFBLK = 0x6000;
    internal const int S_IFDIR = 0x4000;
    internal const int S_IFCHR = 0x2000;
    internal const int S_IFIFO = 0x1000;
}
