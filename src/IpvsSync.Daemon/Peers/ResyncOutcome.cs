namespace IpvsSync.Daemon.Peers;

/// <summary>What a director that is ready knows. END carries <see cref="Full"/> and <see cref="Partial"/> (docs/protocol.md).</summary>
internal enum ResyncOutcome : byte
{
    /// <summary>All that a director knows that is itself complete.</summary>
    Full = 0,

    /// <summary>All that the others could tell; none of them was complete, or one fell silent before it had told everything.</summary>
    Partial = 1,

    /// <summary>Nobody has answered.</summary>
    Alone = 2,

    /// <summary>Learning took too long.</summary>
    TimedOut = 3,

    /// <summary>The kernel has the connections still: only the daemon was started anew.</summary>
    Kept = 4,

    /// <summary>There is nothing to learn: the director is no backup, or speaks the kernel's protocol alone.</summary>
    Off = 5,
}
