using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Peers;

/// <summary>The peers as the receiver of one lane notes them. For that receiver's thread; a known peer costs neither a lock nor memory.</summary>
/// <param name="registry">All peers.</param>
/// <param name="lane">The lane.</param>
internal sealed class LanePeers(PeerRegistry registry, int lane)
{
    private Peer? _last;

    /// <summary>Notes a message that could be read.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="version">Its version.</param>
    /// <param name="entries">Good entries in it.</param>
    /// <param name="nowMs">When it came, on the table's clock.</param>
    public void Note(in SourceAddress source, SyncVersion version, int entries, long nowMs)
        => Of(source, nowMs).Note(lane, version, entries, nowMs);

    /// <summary>Notes a message that only daemons of this kind send, or one that came before.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="nowMs">When it came, on the table's clock.</param>
    public void NoteSign(in SourceAddress source, long nowMs) => Of(source, nowMs).NoteSign(lane, nowMs);

    private Peer Of(in SourceAddress source, long nowMs)
    {
        // Most messages follow one of the same peer. Another lane may have given its place to another peer meanwhile.
        Peer? peer = _last;
        return peer is null || !peer.Is(source) || peer.IsForgotten ? Find(source, nowMs) : peer;
    }

    private Peer Find(in SourceAddress source, long nowMs)
    {
        Peer peer = registry.Find(source, nowMs);
        _last = peer.IsOthers ? null : peer;
        return peer;
    }
}
