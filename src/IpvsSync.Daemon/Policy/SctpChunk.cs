namespace IpvsSync.Daemon.Policy;

/// <summary>The chunk of an SCTP packet that the state machine examines.</summary>
internal enum SctpChunk : byte
{
    /// <summary>DATA, and all chunks not listed here.</summary>
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
