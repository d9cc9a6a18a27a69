namespace IpvsSync.Daemon.Peers;

/// <summary>Why a director asks for everything. The numbers are those of docs/protocol.md.</summary>
internal enum ResyncReason : byte
{
    /// <summary>It has started.</summary>
    Start = 1,

    /// <summary>It has stood still, or has missed more than can be repaired.</summary>
    Gap = 2,

    /// <summary>An operator asks for it.</summary>
    Operator = 3,

    /// <summary>A peer is there again, or for the first time.</summary>
    PeerReturned = 4,

    /// <summary>It becomes a backup.</summary>
    Role = 5,

    /// <summary>A digest differs from what is known.</summary>
    Digest = 6,
}
