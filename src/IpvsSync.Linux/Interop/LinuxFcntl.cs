namespace IpvsSync.Linux.Interop;

/// <summary>asm-generic/fcntl.h and asm-generic/poll.h.</summary>
internal static class LinuxFcntl
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_TRUNC = 0x200;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    internal const short POLLOUT = 4;
}
