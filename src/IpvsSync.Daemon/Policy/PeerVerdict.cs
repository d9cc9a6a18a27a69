namespace IpvsSync.Daemon.Policy;

/// <summary>The decision about a peer's entry for a known connection.</summary>
internal enum PeerVerdict : byte
{
    /// <summary>The entry updates the connection, or confirms it.</summary>
    Update,

    /// <summary>The entry is for a new connection of the same endpoints to another real server; the known connection is over.</summary>
    Replace,

    /// <summary>The entry is older than the known state; the connection stays unchanged.</summary>
    Older,

    /// <summary>The same, and this much is certain: a later state of the same life has overtaken it on its way.</summary>
    Overtaken,

    /// <summary>
    /// The entry is a new life, or one that the known end has overtaken. The connection stays unchanged for now, and is a new life if the link does
    /// not show soon that it reorders.
    /// </summary>
    Contested,
}
