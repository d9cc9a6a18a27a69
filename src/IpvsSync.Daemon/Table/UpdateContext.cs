using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Table;

/// <summary>What counts besides the entries when a peer's entry meets a known connection.</summary>
/// <param name="IsUnbound">Whether it has no real server here.</param>
/// <param name="HasOtherPersistence">Whether the entry carries persistence data other than what is kept.</param>
/// <param name="Facts">What tells how old the entry may be.</param>
internal readonly record struct UpdateContext(bool IsUnbound, bool HasOtherPersistence, RecordFacts Facts);
