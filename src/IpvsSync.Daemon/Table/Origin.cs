namespace IpvsSync.Daemon.Table;

/// <summary>Who told us about a connection last.</summary>
internal enum Origin : byte
{
    /// <summary>This director's own kernel: it carries the connection.</summary>
    Local,

    /// <summary>A peer.</summary>
    Peer,
}
