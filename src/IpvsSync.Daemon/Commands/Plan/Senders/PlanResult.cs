namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>What a sender with a policy sent, and how well a backup knew the connections.</summary>
internal sealed record PlanResult
{
    /// <summary>The policy.</summary>
    public required SyncKnobs Knobs { get; init; }

    /// <summary>True for this daemon, false for the kernel's own sync.</summary>
    public required bool IsDaemon { get; init; }

    /// <summary>Seconds of traffic.</summary>
    public required double Seconds { get; init; }

    /// <summary>Entries sent.</summary>
    public required long Entries { get; init; }

    /// <summary>Messages sent.</summary>
    public required long Messages { get; init; }

    /// <summary>IP packets sent.</summary>
    public required long Packets { get; init; }

    /// <summary>Bytes sent, UDP payload.</summary>
    public required long Bytes { get; init; }

    /// <summary>The median delay from a change on the director until it was sent, in milliseconds.</summary>
    public required long MedianMs { get; init; }

    /// <summary>The delay that 99 % of the changes do not exceed, in milliseconds.</summary>
    public required long P99Ms { get; init; }

    /// <summary>The longest delay, in milliseconds.</summary>
    public required long WorstMs { get; init; }

    /// <summary>The number of connections and templates that the backup should know.</summary>
    public required long Connections { get; init; }

    /// <summary>The number of those that the backup never received.</summary>
    public required long NeverTold { get; init; }

    /// <summary>The average number of established TCP connections that the backup does not know: those that a crash would reset.</summary>
    public required double AtRisk { get; init; }

    /// <summary>The number of connections that timed out on the backup while they existed on the director.</summary>
    public required long ExpiredEarly { get; init; }

    /// <summary>
    /// The least share of the timeout, 0 to 1, that a backup's timer had left when a packet had just restarted the director's timer.
    /// </summary>
    public required double LeastLeft { get; init; }

    /// <summary>Makes the result.</summary>
    public static PlanResult Of(SyncKnobs knobs, bool isDaemon, long nowMs, SentCount sent, BackupView backup) => new()
    {
        Knobs = knobs,
        IsDaemon = isDaemon,
        Seconds = nowMs / 1000.0,
        Entries = sent.Entries,
        Messages = sent.Messages,
        Packets = sent.Packets,
        Bytes = sent.Bytes,
        MedianMs = backup.Delays.AtShare(0.5),
        P99Ms = backup.Delays.AtShare(0.99),
        WorstMs = backup.Delays.WorstMs,
        Connections = backup.Connections,
        NeverTold = backup.NeverTold,
        AtRisk = (double)backup.UnknownMs / nowMs,
        ExpiredEarly = backup.ExpiredEarly,
        LeastLeft = backup.LeastLeft,
    };
}
