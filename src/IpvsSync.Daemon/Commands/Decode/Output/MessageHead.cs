using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>What a message's header says.</summary>
/// <param name="Version">The version, if the message is not refused.</param>
/// <param name="SyncId">The sender's sync id.</param>
/// <param name="Count">The number of entries announced.</param>
/// <param name="Refusal">Why the whole message is refused, if it is.</param>
internal readonly record struct MessageHead(SyncVersion Version, byte SyncId, int Count, Refusal Refusal);
