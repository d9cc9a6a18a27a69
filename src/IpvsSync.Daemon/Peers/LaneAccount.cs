namespace IpvsSync.Daemon.Peers;

/// <summary>What became of a peer's numbers on one lane.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="HeardMs">When the peer was heard there last, on the table's clock.</param>
/// <param name="Open">Messages that have not come and may still come.</param>
/// <param name="Counts">What became of the others.</param>
internal readonly record struct LaneAccount(int Lane, long HeardMs, long Open, WindowCounts Counts);
