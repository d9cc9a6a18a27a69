namespace IpvsSync.Daemon.Peers;

/// <summary>How often a director has learnt for a reason, with an outcome.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Count">How often.</param>
internal readonly record struct ResyncRuns(ResyncReason Reason, ResyncOutcome Outcome, long Count);
