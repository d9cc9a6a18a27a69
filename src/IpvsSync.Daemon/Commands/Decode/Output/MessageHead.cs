using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The content of a message's header.</summary>
/// <param name="Version">The version, if the message is not refused.</param>
/// <param name="SyncId">The sender's sync id.</param>
/// <param name="Count">The number of entries announced.</param>
/// <param name="Refusal">The reason why the whole message is refused, if it is.</param>
internal readonly record struct MessageHead(SyncVersion Version, byte SyncId, int Count, Refusal Refusal);
