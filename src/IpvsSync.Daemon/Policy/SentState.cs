namespace IpvsSync.Daemon.Policy;

/// <summary>
/// What was sent to the backups about one connection, as far as <see cref="RefreshPolicy"/> needs it. Live: part of the connection's
/// record.
/// </summary>
internal struct SentState
{
    /// <summary>When it was last sent, in milliseconds of the table's clock; meaningless unless <see cref="IsSent"/>.</summary>
    public long SentMs;

    /// <summary>The number of repetitions since it last changed or was refreshed.</summary>
    public byte Retries;

    /// <summary>Whether it was sent at all.</summary>
    public bool IsSent;

    /// <summary>
    /// Whether the last update starts a new life of the same endpoints. A backup may take it for an old message
    /// (<see cref="BackupRules"/>), so it is sent again when a backup no longer does.
    /// </summary>
    public bool IsReborn;

    /// <summary>Whether the connection was updated since, so that the backups' timers lag behind its own.</summary>
    public bool IsPending;
}
