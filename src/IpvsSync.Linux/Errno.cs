namespace IpvsSync.Linux;

/// <summary>The error numbers that this code distinguishes (asm-generic/errno-base.h, asm-generic/errno.h).</summary>
public static class Errno
{
    /// <summary>Operation not permitted: a capability is missing, or netfilter refused a datagram.</summary>
    public const int EPERM = 1;

    /// <summary>No such file, family, service or socket.</summary>
    public const int ENOENT = 2;

    /// <summary>The sync daemon to stop does not run, or the service is missing.</summary>
    public const int ESRCH = 3;

    /// <summary>Interrupted by a signal.</summary>
    public const int EINTR = 4;

    /// <summary>Input or output failed: the TUN interface is down.</summary>
    public const int EIO = 5;

    /// <summary>No such device or address.</summary>
    public const int ENXIO = 6;

    /// <summary>Not a valid descriptor.</summary>
    public const int EBADF = 9;

    /// <summary>The call would block; on a socket with a time-out, the time is over.</summary>
    public const int EAGAIN = 11;

    /// <summary>No memory, or no thread.</summary>
    public const int ENOMEM = 12;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>Busy: an interface of that name exists.</summary>
    public const int EBUSY = 16;

    /// <summary>The sync daemon already runs; the service or destination exists.</summary>
    public const int EEXIST = 17;

    /// <summary>No such interface in this network namespace.</summary>
    public const int ENODEV = 19;

    /// <summary>A value that the kernel does not accept.</summary>
    public const int EINVAL = 22;

    /// <summary>The file system is read-only.</summary>
    public const int EROFS = 30;

    /// <summary>The pipe has no reader any more.</summary>
    public const int EPIPE = 32;

    /// <summary>A number out of its range: a weight or a threshold.</summary>
    public const int ERANGE = 34;

    /// <summary>The kernel does not have the system call.</summary>
    public const int ENOSYS = 38;

    /// <summary>A reply that cannot be parsed.</summary>
    public const int EBADMSG = 74;

    /// <summary>The descriptor's object no longer exists: the TUN interface is gone.</summary>
    public const int EBADFD = 77;

    /// <summary>The datagram is too large for the socket.</summary>
    public const int EMSGSIZE = 90;

    /// <summary>The kernel does not know the socket option.</summary>
    public const int ENOPROTOOPT = 92;

    /// <summary>The kernel does not know the protocol.</summary>
    public const int EPROTONOSUPPORT = 93;

    /// <summary>Not supported.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>The kernel does not know the address family.</summary>
    public const int EAFNOSUPPORT = 97;

    /// <summary>Address in use.</summary>
    public const int EADDRINUSE = 98;

    /// <summary>Cannot assign requested address.</summary>
    public const int EADDRNOTAVAIL = 99;

    /// <summary>The interface is down.</summary>
    public const int ENETDOWN = 100;

    /// <summary>No route to the network; the interface of a sync master is down.</summary>
    public const int ENETUNREACH = 101;

    /// <summary>The queue of the interface is full.</summary>
    public const int ENOBUFS = 105;

    /// <summary>The socket has no peer.</summary>
    public const int ENOTCONN = 107;

    /// <summary>No reply in time.</summary>
    public const int ETIMEDOUT = 110;

    /// <summary>An ICMP message reported that nobody listens.</summary>
    public const int ECONNREFUSED = 111;

    /// <summary>The host is down.</summary>
    public const int EHOSTDOWN = 112;

    /// <summary>No route to the host.</summary>
    public const int EHOSTUNREACH = 113;

    /// <summary>Not supported, in the kernel's own number (linux/errno.h), which some calls let out.</summary>
    public const int ENOTSUPP = 524;

    /// <summary>The kernel's name of an error number; <c>errno</c> for a number that is not listed here.</summary>
    public static string NameOf(int errno) => errno switch
    {
        EPERM => nameof(EPERM),
        ENOENT => nameof(ENOENT),
        ESRCH => nameof(ESRCH),
        EINTR => nameof(EINTR),
        EIO => nameof(EIO),
        ENXIO => nameof(ENXIO),
        EBADF => nameof(EBADF),
        EAGAIN => nameof(EAGAIN),
        ENOMEM => nameof(ENOMEM),
        EACCES => nameof(EACCES),
        EBUSY => nameof(EBUSY),
        EEXIST => nameof(EEXIST),
        ENODEV => nameof(ENODEV),
        EINVAL => nameof(EINVAL),
        EROFS => nameof(EROFS),
        EPIPE => nameof(EPIPE),
        ERANGE => nameof(ERANGE),
        ENOSYS => nameof(ENOSYS),
        EBADMSG => nameof(EBADMSG),
        EBADFD => nameof(EBADFD),
        EMSGSIZE => nameof(EMSGSIZE),
        ENOPROTOOPT => nameof(ENOPROTOOPT),
        EPROTONOSUPPORT => nameof(EPROTONOSUPPORT),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EAFNOSUPPORT => nameof(EAFNOSUPPORT),
        EADDRINUSE => nameof(EADDRINUSE),
        EADDRNOTAVAIL => nameof(EADDRNOTAVAIL),
        ENETDOWN => nameof(ENETDOWN),
        ENETUNREACH => nameof(ENETUNREACH),
        ENOBUFS => nameof(ENOBUFS),
        ENOTCONN => nameof(ENOTCONN),
        ETIMEDOUT => nameof(ETIMEDOUT),
        ECONNREFUSED => nameof(ECONNREFUSED),
        EHOSTDOWN => nameof(EHOSTDOWN),
        EHOSTUNREACH => nameof(EHOSTUNREACH),
        ENOTSUPP => nameof(ENOTSUPP),
        _ => "errno",
    };
}
