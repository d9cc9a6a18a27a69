namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>The backup's knowledge of one connection, beside the changes that it should know. Live; times in milliseconds, of which a plan has at most 10^9.</summary>
internal struct BackupRecord
{
    /// <summary>The time of the oldest change that the backup does not know; meaningless unless <see cref="HasNews"/>.</summary>
    public uint OldestNewsMs;

    /// <summary>The time of the newest change that the backup should know.</summary>
    public uint NewestNewsMs;

    /// <summary>When the backup's timer fires; meaningless unless <see cref="IsSent"/>.</summary>
    public uint DeadlineMs;

    /// <summary>
    /// The time of a packet that restarted the director's timer, the last one or one some seconds ago; 0 if there is none.
    /// </summary>
    public uint RestartedMs;

    /// <summary>The time at which a TCP connection was established that the backup does not know; 0 if there is none.</summary>
    public uint UnknownSinceMs;

    /// <summary>The state at <see cref="NewestNewsMs"/>.</summary>
    public ushort NewsState;

    /// <summary>The state last sent to the backup.</summary>
    public ushort LastSentState;

    private Marks _marks;

    /// <summary>Whether the connection exists.</summary>
    public bool IsAlive
    {
        readonly get => Has(Marks.IsAlive);
        set => Mark(Marks.IsAlive, value);
    }

    /// <summary>Whether it is a template.</summary>
    public bool IsTemplate
    {
        readonly get => Has(Marks.IsTemplate);
        set => Mark(Marks.IsTemplate, value);
    }

    /// <summary>Whether there was ever a change that the backup should know.</summary>
    public bool HadNews
    {
        readonly get => Has(Marks.HadNews);
        set => Mark(Marks.HadNews, value);
    }

    /// <summary>Whether there is a change that the backup does not know.</summary>
    public bool HasNews
    {
        readonly get => Has(Marks.HasNews);
        set => Mark(Marks.HasNews, value);
    }

    /// <summary>Whether the backup received the connection.</summary>
    public bool IsSent
    {
        readonly get => Has(Marks.IsSent);
        set => Mark(Marks.IsSent, value);
    }

    /// <summary>Whether the backup's timer fired while the connection still existed.</summary>
    public bool HasExpired
    {
        readonly get => Has(Marks.HasExpired);
        set => Mark(Marks.HasExpired, value);
    }

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        IsAlive = 1,
        IsTemplate = 2,
        HadNews = 4,
        HasNews = 8,
        IsSent = 16,
        HasExpired = 32,
    }

    private readonly bool Has(Marks mark) => (_marks & mark) != 0;

    private void Mark(Marks mark, bool isSet) => _marks = isSet ? _marks | mark : _marks & ~mark;
}
