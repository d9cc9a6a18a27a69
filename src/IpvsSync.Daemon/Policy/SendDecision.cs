namespace IpvsSync.Daemon.Policy;

/// <summary>The decision about a connection that was just updated.</summary>
internal enum SendDecision : byte
{
    /// <summary>The backups do not know this state: it is sent at once.</summary>
    News,

    /// <summary>The backups know this state, but their timers have run long enough: it is sent with the next message.</summary>
    Refresh,

    /// <summary>The backups know this state; it is repeated with the next message in case they missed it.</summary>
    Retry,

    /// <summary>The backups know this state and their timers are fresh: nothing is sent now; a refresh follows later.</summary>
    Postponed,
}
