namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>What a backup has been told of one connection, beside what there was to tell. Live; times in milliseconds.</summary>
internal struct BackupRecord
{
    /// <summary>Since when it is not told the oldest of what there is to tell; meaningless unless <see cref="HasNews"/>.</summary>
    public long OldestNewsMs;

    /// <summary>When there was something to tell last.</summary>
    public long NewestNewsMs;

    /// <summary>When its timer fires; meaningless unless <see cref="IsSent"/>.</summary>
    public long DeadlineMs;

    /// <summary>A packet that restarted the director's timer, some seconds ago or the last; 0 for none.</summary>
    public long RestartedMs;

    /// <summary>When a TCP connection was established of which it knows nothing; 0 for none.</summary>
    public long UnknownSinceMs;

    /// <summary>The state at <see cref="NewestNewsMs"/>.</summary>
    public ushort NewsState;

    /// <summary>The state that it was told last.</summary>
    public ushort LastSentState;

    /// <summary>There is a connection.</summary>
    public bool IsAlive;

    /// <summary>It is a template.</summary>
    public bool IsTemplate;

    /// <summary>There was ever something to tell.</summary>
    public bool IsWorthTelling;

    /// <summary>There is something to tell.</summary>
    public bool HasNews;

    /// <summary>It was told of the connection.</summary>
    public bool IsSent;

    /// <summary>Its timer fired while the connection lived on.</summary>
    public bool HasExpired;
}
