using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>How far a director is that learns, at one moment.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it learns, or has learnt last.</param>
/// <param name="Outcome">How it ended last; null before it has ended once.</param>
/// <param name="IsOpen">Whether the gate is open: the director may take its addresses.</param>
/// <param name="Teacher">The address of the peer that tells; null if nobody does.</param>
/// <param name="Entries">Entries told since it began.</param>
/// <param name="Expected">Entries that there will be, as the teachers have said; 0 before they have.</param>
/// <param name="ElapsedMs">Milliseconds since it began; the time it took once it is ready.</param>
/// <param name="Runs">How often it was ready, by reason and outcome.</param>
internal sealed record ResyncSnapshot(
    ResyncState State, ResyncReason Reason, ResyncOutcome? Outcome, bool IsOpen, SourceAddress? Teacher, long Entries, long Expected, long ElapsedMs,
    IReadOnlyList<ResyncRuns> Runs);
