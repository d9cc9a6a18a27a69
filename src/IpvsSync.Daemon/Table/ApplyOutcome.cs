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

    /// <summary>It is older than what the table knows, which stays as it is.</summary>
    Older,

    /// <summary>It has no client port and nothing that says why: every kernel would add it as one more connection (spec §6.1).</summary>
    Refused,

    /// <summary>The table holds <see cref="ConnectionTable.MaxConnections"/> and this one is new: not stored.</summary>
    Full,
}
