using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Table;

/// <summary>What is known of the message that brings a peer's entry.</summary>
/// <param name="Order">Its order among the messages of its sender.</param>
/// <param name="Owner">The place of its sender in <see cref="OwnerSums"/>.</param>
/// <param name="RecalledSinceMs">
/// For an entry that was told from the table of its sender: since when what this director has heard of its connection is newer, on the table's
/// clock. 0 for news.
/// </param>
/// <param name="IsRemembered">Whether it was told by a director that has it from another.</param>
internal readonly record struct Teller(RecordOrder Order, byte Owner, long RecalledSinceMs = 0, bool IsRemembered = false);
