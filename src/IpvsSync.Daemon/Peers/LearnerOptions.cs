namespace IpvsSync.Daemon.Peers;

/// <summary>How a director learns.</summary>
/// <param name="Lanes">Its lanes.</param>
/// <param name="AloneAfterMs">Milliseconds without an answer after which nobody is there.</param>
/// <param name="TimeLimitMs">Milliseconds after which the gate opens in any case.</param>
internal sealed record LearnerOptions(int Lanes, long AloneAfterMs, long TimeLimitMs);
