namespace IpvsSync.Daemon.Table;

/// <summary>What counts besides the entries when a peer's entry meets a known connection.</summary>
/// <param name="IsOwn">Whether this director's own kernel was the last to send it.</param>
/// <param name="IsUnbound">Whether it has no real server here.</param>
/// <param name="HasOtherPersistence">Whether the entry carries persistence data other than what is kept.</param>
/// <param name="AgeMs">Milliseconds since the last entry of the connection.</param>
internal readonly record struct UpdateContext(bool IsOwn, bool IsUnbound, bool HasOtherPersistence, long AgeMs);
