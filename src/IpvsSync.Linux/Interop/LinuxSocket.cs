namespace IpvsSync.Linux.Interop;

/// <summary>linux/socket.h and asm-generic/socket.h; bits/socket.h for the socket types and SHUT_*.</summary>
internal static class LinuxSocket
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;

    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int SOL_SOCKET = 1;
    internal const int SOL_NETLINK = 270;

    internal const int SO_REUSEADDR = 2;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_SNDTIMEO = 21;
    internal const int SO_BINDTODEVICE = 25;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_MARK = 36;
    internal const int SO_MEMINFO = 55;
    internal const int SO_NETNS_COOKIE = 71;

    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_WAITFORONE = 0x10000;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;

    internal const int SCM_RIGHTS = 1;

    internal const int SHUT_RD = 0;
}
