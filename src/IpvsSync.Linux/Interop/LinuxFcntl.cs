namespace IpvsSync.Linux.Interop;

/// <summary>asm-generic/fcntl.h, asm-generic/poll.h and linux/eventfd.h.</summary>
internal static class LinuxFcntl
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_TRUNC = 0x200;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    internal const int F_GETFD = 1;

    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const short POLLHUP = 0x10;

    internal const int EFD_NONBLOCK = O_NONBLOCK;
    internal const int EFD_CLOEXEC = O_CLOEXEC;
}
