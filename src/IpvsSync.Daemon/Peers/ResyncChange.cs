namespace IpvsSync.Daemon.Peers;

/// <summary>What has changed for a director that learns.</summary>
/// <param name="Before">How far it was.</param>
/// <param name="Now">How far it is.</param>
/// <param name="HasTimedOut">Whether the gate was opened because learning takes too long.</param>
internal readonly record struct ResyncChange(ResyncSnapshot Before, ResyncSnapshot Now, bool HasTimedOut);
