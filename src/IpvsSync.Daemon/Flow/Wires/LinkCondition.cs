namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>What can be expected of the sync interface; from the worst to the best.</summary>
internal enum LinkCondition
{
    /// <summary>There is no interface of that name.</summary>
    Absent,

    /// <summary>It is administratively down.</summary>
    Down,

    /// <summary>It is up, and has no carrier: what is sent is lost.</summary>
    NoCarrier,

    /// <summary>It is up, and no address of its own is known for messages to the group: a peer may drop them.</summary>
    NoAddress,

    /// <summary>Messages can pass.</summary>
    Up,
}
