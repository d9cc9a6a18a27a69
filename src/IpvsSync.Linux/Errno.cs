namespace IpvsSync.Linux;

/// <summary>Error numbers that this code tells apart (asm-generic/errno-base.h, asm-generic/errno.h).</summary>
public static class Errno
{
    /// <summary>Operation not permitted: a capability is missing, or netfilter refused a datagram.</summary>
    public const int EPERM = 1;

    /// <summary>No such file, family, service or socket.</summary>
    public const int ENOENT = 2;

    /// <summary>The role is not running (stop of a sync daemon), or the service is missing.</summary>
    public const int ESRCH = 3;

    /// <summary>A signal came first.</summary>
    public const int EINTR = 4;

    /// <summary>Input or output failed: the TUN interface is down.</summary>
    public const int EIO = 5;

    /// <summary>No such device or address.</summary>
    public const int ENXIO = 6;

    /// <summary>Not a descriptor.</summary>
    public const int EBADF = 9;

    /// <summary>It would block; on a socket with a time-out: the time is up.</summary>
    public const int EAGAIN = 11;

    /// <summary>No memory, or no thread.</summary>
    public const int ENOMEM = 12;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>In use: an interface of that name exists.</summary>
    public const int EBUSY = 16;

    /// <summary>The role already runs; the service or destination exists.</summary>
    public const int EEXIST = 17;

    /// <summary>No such interface in this network namespace.</summary>
    public const int ENODEV = 19;

    /// <summary>A value that the kernel does not accept.</summary>
    public const int EINVAL = 22;

    /// <summary>Nobody reads the pipe any more.</summary>
    public const int EPIPE = 32;

    /// <summary>A number out of its range: a weight, a threshold.</summary>
    public const int ERANGE = 34;

    /// <summary>A reply that cannot be read.</summary>
    public const int EBADMSG = 74;

    /// <summary>The descriptor has lost what it stood for: the TUN interface is gone.</summary>
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

    /// <summary>The interface is down.</summary>
    public const int ENETDOWN = 100;

    /// <summary>No way to the network; the interface of a sync master is down.</summary>
    public const int ENETUNREACH = 101;

    /// <summary>The queue of the interface is full.</summary>
    public const int ENOBUFS = 105;

    /// <summary>The socket has no peer.</summary>
    public const int ENOTCONN = 107;

    /// <summary>No answer in time.</summary>
    public const int ETIMEDOUT = 110;

    /// <summary>An ICMP message said that nobody listens.</summary>
    public const int ECONNREFUSED = 111;

    /// <summary>The host is down.</summary>
    public const int EHOSTDOWN = 112;

    /// <summary>No way to the host.</summary>
    public const int EHOSTUNREACH = 113;

    /// <summary>The kernel's spelling of an error number; <c>errno</c> for one that is not listed here.</summary>
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
        EPIPE => nameof(EPIPE),
        ERANGE => nameof(ERANGE),
        EBADMSG => nameof(EBADMSG),
        EBADFD => nameof(EBADFD),
        EMSGSIZE => nameof(EMSGSIZE),
        ENOPROTOOPT => nameof(ENOPROTOOPT),
        EPROTONOSUPPORT => nameof(EPROTONOSUPPORT),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EAFNOSUPPORT => nameof(EAFNOSUPPORT),
        EADDRINUSE => nameof(EADDRINUSE),
        ENETDOWN => nameof(ENETDOWN),
        ENETUNREACH => nameof(ENETUNREACH),
        ENOBUFS => nameof(ENOBUFS),
        ENOTCONN => nameof(ENOTCONN),
        ETIMEDOUT => nameof(ETIMEDOUT),
        ECONNREFUSED => nameof(ECONNREFUSED),
        EHOSTDOWN => nameof(EHOSTDOWN),
        EHOSTUNREACH => nameof(EHOSTUNREACH),
        _ => "errno",
    };
}
