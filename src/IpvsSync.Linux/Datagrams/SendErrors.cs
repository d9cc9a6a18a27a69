namespace IpvsSync.Linux.Datagrams;

/// <summary>The reaction of a sender to an error.</summary>
internal enum SendError
{
    /// <summary>A signal interrupted the call: try again.</summary>
    Retry,

    /// <summary>No buffer space at the moment: wait a little, then try again.</summary>
    Pressure,

    /// <summary>This datagram is lost; the next one may succeed.</summary>
    Transient,

    /// <summary>No datagram will succeed any more.</summary>
    Fatal,
}

/// <summary>The only place that classifies the errors of sending.</summary>
internal static class SendErrors
{
    internal static SendError Classify(int errno) => errno switch
    {
        Errno.EINTR => SendError.Retry,

        Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM => SendError.Pressure,

        // EPERM means that netfilter refused this datagram.
        Errno.EPERM or Errno.EMSGSIZE or Errno.ENETDOWN or Errno.ENETUNREACH or Errno.EHOSTDOWN or Errno.EHOSTUNREACH
            or Errno.ECONNREFUSED => SendError.Transient,

        _ => SendError.Fatal,
    };

    /// <summary>
    /// For a run: whether the error may be a refusal of segments only (EINVAL, EIO, EMSGSIZE, EOPNOTSUPP, depending on kernel and device).
    /// A really fatal error appears again when the datagrams are sent one by one.
    /// </summary>
    internal static bool MayConcernSegments(int errno) => errno == Errno.EMSGSIZE || Classify(errno) == SendError.Fatal;
}
