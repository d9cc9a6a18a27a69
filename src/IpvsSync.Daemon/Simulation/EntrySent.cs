using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// Receives an entry that the <see cref="EmbeddedDirector"/> sends, with the reason; called in order, on the director's thread.
/// </summary>
internal delegate void EntrySent(in ConnectionEntry entry, SyncVerdict verdict);
