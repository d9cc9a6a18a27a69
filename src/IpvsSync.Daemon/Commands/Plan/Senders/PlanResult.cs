namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>What a sender with a policy sent, and what a backup knew by it.</summary>
internal sealed record PlanResult
{
    /// <summary>The policy.</summary>
    public required SyncKnobs Knobs { get; init; }

    /// <summary>True for this daemon, false for the kernel's own.</summary>
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

    /// <summary>From a change on the director until it was sent, milliseconds: the median.</summary>
    public required long MedianMs { get; init; }

    /// <summary>Of a hundred changes, the slowest but one.</summary>
    public required long P99Ms { get; init; }

    /// <summary>The slowest.</summary>
    public required long WorstMs { get; init; }

    /// <summary>Connections and templates that there were.</summary>
    public required long Connections { get; init; }

    /// <summary>Those that the backup was never told of.</summary>
    public required long NeverTold { get; init; }

    /// <summary>Established TCP connections that the backup does not know, on average over the time: what a crash costs.</summary>
    public required double AtRisk { get; init; }

    /// <summary>Connections that timed out on the backup while they lived on the director.</summary>
    public required long ExpiredEarly { get; init; }

    /// <summary>The least that a backup's timer had left, 0 to 1, when packets had just restarted the director's.</summary>
    public required double LeastLeft { get; init; }

    /// <summary>Sums up.</summary>
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
