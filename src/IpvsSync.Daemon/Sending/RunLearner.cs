namespace IpvsSync.Daemon.Sending;

/// <summary>A peer that is told a run. Its teacher's lock guards it.</summary>
/// <param name="instance">The peer.</param>
/// <param name="run">The number that it has given the run.</param>
/// <param name="window">Messages that may be under way to it.</param>
/// <param name="nowMs">When it asked, on the lane's clock.</param>
internal sealed class RunLearner(uint instance, uint run, int window, long nowMs)
{
    /// <summary>The peer.</summary>
    public uint Instance { get; } = instance;

    /// <summary>The number that it has given the run.</summary>
    public uint Run { get; } = run;

    /// <summary>Messages that may be under way to it.</summary>
    public int Window { get; } = window;

    /// <summary>When it was heard last.</summary>
    public long HeardMs { get; set; } = nowMs;

    /// <summary>Whether BEGIN is owed: it has asked, or has asked again.</summary>
    public bool WantsBegin { get; set; } = true;

    /// <summary>Whether it has heard BEGIN.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The highest number that it has seen; see <see cref="NoteCredit"/>.</summary>
    public ulong Credit { get; private set; }

    /// <summary>When it had seen nothing higher yet.</summary>
    public long CreditMs { get; private set; } = nowMs;

    /// <summary>Notes the highest number that it has seen.</summary>
    public void NoteCredit(ulong highest, long nowMs)
    {
        if (highest > Credit)
            (Credit, CreditMs) = (highest, nowMs);
    }

    /// <summary>Whether it has all.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether it is told. Only the sender's thread, as the next ones.</summary>
    public bool IsTold { get; set; }

    /// <summary>Steps of the table that it has not been told.</summary>
    public int StepsLeft { get; set; }

    /// <summary>When it is told that the run has ended.</summary>
    public long EndDueMs { get; set; }

    /// <summary>Entries that it was told.</summary>
    public long Entries { get; set; }
}
