namespace IpvsSync.Linux.Datagrams;

/// <summary>What a sender does about an error.</summary>
internal enum SendError
{
    /// <summary>A signal came first: ask again.</summary>
    Retry,

    /// <summary>No room at the moment: wait a little, then ask again.</summary>
    Pressure,

    /// <summary>This datagram is lost; the next one may pass.</summary>
    Transient,

    /// <summary>Nothing will pass any more.</summary>
    Fatal,
}

/// <summary>The one place that sorts the errors of sending.</summary>
internal static class SendErrors
{
    internal static SendError Classify(int errno) => errno switch
    {
        Errno.EINTR => SendError.Retry,

        Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM => SendError.Pressure,

        // EPERM is netfilter's refusal of one datagram.
        Errno.EPERM or Errno.EMSGSIZE or Errno.ENETDOWN or Errno.ENETUNREACH or Errno.EHOSTDOWN or Errno.EHOSTUNREACH
            or Errno.ECONNREFUSED => SendError.Transient,

        _ => SendError.Fatal,
    };

    /// <summary>
    /// Of a run: whether the refusal may be one of segments alone (EINVAL, EIO, EMSGSIZE, EOPNOTSUPP, by kernel and device). What is
    /// fatal indeed shows when the datagrams are sent one by one.
    /// </summary>
    internal static bool MayConcernSegments(int errno) => errno == Errno.EMSGSIZE || Classify(errno) == SendError.Fatal;
}
