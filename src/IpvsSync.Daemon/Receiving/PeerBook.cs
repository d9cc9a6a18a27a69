using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>
/// Who is heard on one port. The receiver's thread notes, any thread reads; neither waits for the other, and a known peer costs no
/// allocation. Peers beyond <see cref="MaxPeers"/> are counted together: whoever sends from many addresses must not fill our memory.
/// One that has been silent for <see cref="ForgetMs"/> gives its place to the next.
/// </summary>
internal sealed class PeerBook
{
    /// <summary>Peers with a place of their own.</summary>
    public const int MaxPeers = 64;

    /// <summary>After so many milliseconds of silence a peer's place may be another's.</summary>
    public const long ForgetMs = 3_600_000;

    private readonly HeardPeer _others = new(address: null);
    private HeardPeer[] _peers = [];
    private HeardPeer? _last;

    /// <summary>Everyone who has been heard and has not been forgotten. Any thread may ask.</summary>
    public IEnumerable<PeerCount> Heard => Volatile.Read(ref _peers).Append(_others).Select(peer => peer.Count).Where(peer => peer.Messages > 0);

    /// <summary>Notes a message that could be read.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="version">Its version.</param>
    /// <param name="entries">Good entries in it.</param>
    /// <param name="nowMs">When it came, on the table's clock.</param>
    public void Note(SourceAddress source, SyncVersion version, int entries, long nowMs)
    {
        // Most messages follow one of the same peer.
        if (_last is null || _last.Address != source)
            _last = Find(source) ?? Admit(source, nowMs);
        (_last ?? _others).Note(version, entries, nowMs);
    }

    private HeardPeer? Find(SourceAddress source)
    {
        foreach (HeardPeer peer in _peers)
        {
            if (peer.Address == source)
                return peer;
        }

        return null;
    }

    /// <summary>A place for a peer that has none; null while all are taken by others that are still heard.</summary>
    private HeardPeer? Admit(SourceAddress source, long nowMs)
    {
        if (_peers.Length < MaxPeers)
        {
            HeardPeer added = new(source);
            Volatile.Write(ref _peers, [.. _peers, added]);
            return added;
        }

        int oldest = 0;
        for (int i = 1; i < _peers.Length; i++)
        {
            if (_peers[i].HeardMs < _peers[oldest].HeardMs)
                oldest = i;
        }

        if (nowMs - _peers[oldest].HeardMs < ForgetMs)
            return null;
        HeardPeer successor = new(source);
        Volatile.Write(ref _peers[oldest], successor);
        return successor;
    }
}
