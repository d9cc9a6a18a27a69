namespace IpvsSync.Daemon.Policy;

/// <summary>What the backups were told about one connection, as far as <see cref="RefreshPolicy"/> has to know. Live: part of its record.</summary>
internal struct SentState
{
    /// <summary>When it was last told, in milliseconds of the table's clock; meaningless unless <see cref="IsSent"/>.</summary>
    public long SentMs;

    /// <summary>How often it was repeated since it last changed or was refreshed.</summary>
    public byte Retries;

    /// <summary>Whether it was told at all.</summary>
    public bool IsSent;

    /// <summary>
    /// Whether what was told last is a new life of the same ends: a backup may take it for an old message (<see cref="BackupRules"/>),
    /// and is told again when it no longer does.
    /// </summary>
    public bool IsReborn;

    /// <summary>Whether the connection has been heard of since, so that the backups' timers lag behind its own.</summary>
    public bool IsPending;
}
