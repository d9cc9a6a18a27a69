namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>The backup's knowledge of one connection, beside the changes that it should know. Live; times in milliseconds.</summary>
internal struct BackupRecord
{
    /// <summary>The time of the oldest change that the backup does not know; meaningless unless <see cref="HasNews"/>.</summary>
    public long OldestNewsMs;

    /// <summary>The time of the newest change that the backup should know.</summary>
    public long NewestNewsMs;

    /// <summary>When the backup's timer fires; meaningless unless <see cref="IsSent"/>.</summary>
    public long DeadlineMs;

    /// <summary>
    /// The time of a packet that restarted the director's timer, the last one or one some seconds ago; 0 if there is none.
    /// </summary>
    public long RestartedMs;

    /// <summary>The time at which a TCP connection was established that the backup does not know; 0 if there is none.</summary>
    public long UnknownSinceMs;

    /// <summary>The state at <see cref="NewestNewsMs"/>.</summary>
    public ushort NewsState;

    /// <summary>The state last sent to the backup.</summary>
    public ushort LastSentState;

    /// <summary>Whether the connection exists.</summary>
    public bool IsAlive;

    /// <summary>Whether it is a template.</summary>
    public bool IsTemplate;

    /// <summary>Whether there was ever a change that the backup should know.</summary>
    public bool HadNews;

    /// <summary>Whether there is a change that the backup does not know.</summary>
    public bool HasNews;

    /// <summary>Whether the backup received the connection.</summary>
    public bool IsSent;

    /// <summary>Whether the backup's timer fired while the connection still existed.</summary>
    public bool HasExpired;
}
