namespace IpvsSync.Daemon.Control;

/// <summary>Who may speak to the director.</summary>
/// <param name="Mode"><c>Sign</c> or <c>Require</c>.</param>
/// <param name="ActiveKey">The number of the key that signs.</param>
/// <param name="Keys">The keys that are accepted.</param>
/// <param name="Peers">What became of the peers' messages.</param>
internal sealed record StatusAuthentication(string Mode, int ActiveKey, IReadOnlyList<StatusKey> Keys, IReadOnlyList<StatusSignatures> Peers);

/// <summary>A key.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Fingerprint">8 hexadecimal digits, equal on all directors that have the same secret.</param>
internal sealed record StatusKey(int Id, string Fingerprint);

/// <summary>What became of the messages of an address, by their signatures.</summary>
/// <param name="Peer">The address; <c>others</c> for all that have no count of their own.</param>
/// <param name="Signs"><c>yes</c>; <c>no</c>; or <c>kernel</c>: it writes no trailers, as a kernel's daemon.</param>
/// <param name="KeyId">The key of its last good message; else that of the last one that was refused; null if none named one.</param>
/// <param name="Fingerprint">That of this director's key with this number; null if it has none.</param>
/// <param name="Outcomes">Messages by outcome.</param>
internal sealed record StatusSignatures(string Peer, string Signs, int? KeyId, string? Fingerprint, IReadOnlyDictionary<string, long> Outcomes);
