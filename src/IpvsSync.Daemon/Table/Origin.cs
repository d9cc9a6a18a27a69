namespace IpvsSync.Daemon.Table;

/// <summary>The sender of a connection's newest entry.</summary>
internal enum Origin : byte
{
    /// <summary>This director's own kernel: it carries the connection.</summary>
    Local,

    /// <summary>A peer.</summary>
    Peer,
}
