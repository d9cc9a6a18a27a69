namespace IpvsSync.Daemon.Policy;

/// <summary>The chunk of an SCTP packet that its state machine looks at.</summary>
internal enum SctpChunk : byte
{
    /// <summary>DATA, and all that has no name of its own here.</summary>
    Data,

    /// <summary>INIT.</summary>
    Init,

    /// <summary>INIT ACK.</summary>
    InitAck,

    /// <summary>COOKIE ECHO.</summary>
    CookieEcho,

    /// <summary>COOKIE ACK.</summary>
    CookieAck,

    /// <summary>SHUTDOWN.</summary>
    Shutdown,

    /// <summary>SHUTDOWN ACK.</summary>
    ShutdownAck,

    /// <summary>SHUTDOWN COMPLETE.</summary>
    ShutdownComplete,

    /// <summary>ERROR.</summary>
    Error,

    /// <summary>ABORT.</summary>
    Abort,
}
