using IpvsSync.Linux;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Receiving;

/// <summary>What a peer has said since we began to count it.</summary>
/// <param name="Address">Its address; null for all those together that have no place of their own.</param>
/// <param name="Version">The protocol version of its last message.</param>
/// <param name="Messages">Its messages that could be read.</param>
/// <param name="Entries">Entries in them that were good.</param>
/// <param name="HeardMs">When it was last heard, on the table's clock.</param>
internal readonly record struct PeerCount(SourceAddress? Address, SyncVersion Version, long Messages, long Entries, long HeardMs)
{
    /// <summary>Its address as text.</summary>
    public string Name => Address?.ToString() ?? "others";

    /// <summary>This one's and the same peer's on another lane.</summary>
    public PeerCount Join(PeerCount other) => this with
    {
        Version = HeardMs >= other.HeardMs ? Version : other.Version,
        Messages = Messages + other.Messages,
        Entries = Entries + other.Entries,
        HeardMs = Math.Max(HeardMs, other.HeardMs),
    };

    /// <summary>What all lanes together have heard, by address, others last.</summary>
    public static IReadOnlyList<PeerCount> OfAll(IEnumerable<PeerBook> books) =>
    [
        .. books.SelectMany(book => book.Heard).GroupBy(peer => peer.Address, (_, lanes) => lanes.Aggregate((joined, lane) => joined.Join(lane)))
            .OrderBy(peer => peer.Address is null).ThenBy(peer => peer.Address?.IsIPv6).ThenBy(peer => peer.Address?.Number),
    ];
}
