using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Files;

/// <summary>Tells kinds of files apart without opening them: to open a FIFO waits for its other side, and to open some devices acts.</summary>
public static class FileKinds
{
    /// <summary>What lies at <paramref name="path"/> itself; a link is a link.</summary>
    public static FileKind At(string path) => Of(path, LinuxStat.AT_SYMLINK_NOFOLLOW);

    /// <summary>What <paramref name="path"/> leads to over links.</summary>
    public static FileKind Behind(string path) => Of(path, 0);

    /// <summary>The kind for a message: <c>a FIFO</c>.</summary>
    public static string Text(FileKind kind) => kind switch
    {
        FileKind.None => "no file",
        FileKind.Regular => "a regular file",
        FileKind.Directory => "a directory",
        FileKind.Link => "a symbolic link",
        FileKind.Socket => "a socket",
        FileKind.Fifo => "a FIFO",
        FileKind.Device => "a device",
        _ => "a special file",
    };

    private static unsafe FileKind Of(string path, int flags)
    {
        // The C library would take the part before a NUL for the path.
        if (path.Contains('\0', StringComparison.Ordinal))
            return FileKind.None;
        byte* result = stackalloc byte[LinuxStat.StatXSize];
        return Libc.StatX(LinuxStat.AT_FDCWD, path, flags, LinuxStat.STATX_TYPE, result) < 0
            ? FileKind.None
            : Of(MemoryMarshal.Read<ushort>(new ReadOnlySpan<byte>(result + LinuxStat.StatXMode, sizeof(ushort))));
    }

    private static FileKind Of(ushort mode) => (mode & LinuxStat.S_IFMT) switch
    {
        LinuxStat.S_IFREG => FileKind.Regular,
        LinuxStat.S_IFDIR => FileKind.Directory,
        LinuxStat.S_IFLNK => FileKind.Link,
        LinuxStat.S_IFSOCK => FileKind.Socket,
        LinuxStat.S_IFIFO => FileKind.Fifo,
        LinuxStat.S_IFCHR or LinuxStat.S_IFBLK => FileKind.Device,
        _ => FileKind.Other,
    };
}
