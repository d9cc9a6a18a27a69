namespace IpvsSync.Daemon.Policy;

/// <summary>What is to be done with a connection that the director has just heard of.</summary>
internal enum SendDecision : byte
{
    /// <summary>The backups do not know this yet: it leaves at once.</summary>
    News,

    /// <summary>They know, but their timers have run long enough: it leaves with the next message.</summary>
    Refresh,

    /// <summary>They know; it is repeated in case that they missed it, with the next message.</summary>
    Retry,

    /// <summary>They know, and their timers are fresh: nothing leaves now, a refresh does later.</summary>
    Postponed,
}
