namespace IpvsSync.Daemon.Table;

/// <summary>The effect of an entry on the table; see <see cref="ConnectionTable.Apply"/>.</summary>
internal enum ApplyOutcome : byte
{
    /// <summary>The connection was not known.</summary>
    Created,

    /// <summary>The connection changed.</summary>
    Updated,

    /// <summary>Only the time of the last entry changed: a refresh.</summary>
    Unchanged,

    /// <summary>The entry is older than the known one, which stays.</summary>
    Older,

    /// <summary>The client port is 0 and no flag explains it: every kernel would add it as one more connection (spec §6.1). Not stored.</summary>
    Refused,

    /// <summary>
    /// The client port is 0 with NO_CPORT, and the connection is none that lacks its port for a while: other connections of its client would be
    /// taken for it. Not stored.
    /// </summary>
    Swallows,

    /// <summary>The connection is new, and would have ended here with its real server. Not stored.</summary>
    ServerGone,

    /// <summary>The connection is new, and the table holds as many as it may, or as many of the peers as it may. Not stored.</summary>
    Full,

    /// <summary>A peer's connection is new, and this director's kernel holds as many as it may. Not stored.</summary>
    KernelFull,

    /// <summary>A peer's connection is new, and the memory of this machine runs short. Not stored.</summary>
    MemoryShort,
}
