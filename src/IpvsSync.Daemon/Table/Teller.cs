using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Table;

/// <summary>What is known of the message that brings a peer's entry.</summary>
/// <param name="Order">Its order among the messages of its sender.</param>
/// <param name="Owner">The place of its sender in <see cref="OwnerSums"/>.</param>
internal readonly record struct Teller(RecordOrder Order, byte Owner);
