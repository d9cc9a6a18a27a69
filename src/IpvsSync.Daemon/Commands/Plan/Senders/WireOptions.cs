using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>The wire to the backups.</summary>
/// <param name="Version">The version of the messages.</param>
/// <param name="MessageSize">Bytes of the largest message (<c>sync_maxlen</c>).</param>
/// <param name="Mtu">Bytes of the largest IP packet.</param>
internal sealed record WireOptions(SyncVersion Version, int MessageSize, int Mtu);
