using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Peers;

/// <summary>What was received from a peer on all lanes until now.</summary>
/// <param name="Address">Its address; null for all peers together that have no place of their own.</param>
/// <param name="Version">The protocol version of its last message with entries; 1 while it has sent none.</param>
/// <param name="Messages">Its messages that could be read.</param>
/// <param name="Entries">Good entries in them.</param>
/// <param name="HeardMs">When its last message came, on the table's clock.</param>
internal readonly record struct PeerSnapshot(SourceAddress? Address, SyncVersion Version, long Messages, long Entries, long HeardMs)
{
    /// <summary>Its address as text.</summary>
    public string Name => Address?.ToString() ?? "others";
}
