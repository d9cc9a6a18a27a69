namespace IpvsSync.Daemon.Table;

/// <summary>What <see cref="ConnectionTable.Apply"/> did with an entry.</summary>
internal enum ApplyOutcome : byte
{
    /// <summary>The connection was not known.</summary>
    Created,

    /// <summary>Something about the connection changed.</summary>
    Updated,

    /// <summary>Nothing changed but the time it was last heard of: a refresh.</summary>
    Unchanged,

    /// <summary>The table holds <see cref="ConnectionTable.MaxConnections"/> and this one is new: not stored.</summary>
    Full,
}
