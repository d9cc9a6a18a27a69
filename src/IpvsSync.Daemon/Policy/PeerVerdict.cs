namespace IpvsSync.Daemon.Policy;

/// <summary>What is to be done with a peer's word about a connection that is known.</summary>
internal enum PeerVerdict : byte
{
    /// <summary>It moves the connection on, or confirms it.</summary>
    Update,

    /// <summary>It is about a new connection of the same ends, to another real server: the known one is over.</summary>
    Replace,

    /// <summary>It is older than what is known: the connection stays as it is.</summary>
    Older,
}
