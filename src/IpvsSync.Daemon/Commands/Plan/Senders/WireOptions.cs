using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>The network to the backups.</summary>
/// <param name="Version">The version of the messages.</param>
/// <param name="MessageSize">The largest message in bytes (<c>sync_maxlen</c>).</param>
/// <param name="Mtu">The largest IP packet in bytes.</param>
internal sealed record WireOptions(SyncVersion Version, int MessageSize, int Mtu);
