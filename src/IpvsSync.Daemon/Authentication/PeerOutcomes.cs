using IpvsSync.Linux;

namespace IpvsSync.Daemon.Authentication;

/// <summary>What became of the messages of one address, on all lanes, until now.</summary>
/// <param name="Source">The address; null for all that have no place of their own.</param>
/// <param name="Counts">Messages by outcome.</param>
/// <param name="KeyIds">The key that the last message with each outcome named; 0 for none.</param>
/// <param name="GoodMs">When its last good message came, on the table's clock.</param>
/// <param name="KernelMs">When its last message without a trailer came.</param>
internal sealed record PeerOutcomes(SourceAddress? Source, IReadOnlyList<long> Counts, IReadOnlyList<byte> KeyIds, long GoodMs, long KernelMs)
{
    /// <summary>Its address as text.</summary>
    public string Name => Source?.ToString() ?? "others";

    /// <summary>Messages with an outcome.</summary>
    public long this[AuthenticationOutcome outcome] => Counts[(int)outcome];

    /// <summary>The key that the last message with an outcome named; 0 for none.</summary>
    public byte KeyId(AuthenticationOutcome outcome) => KeyIds[(int)outcome];

    /// <summary>
    /// Whether a kernel's daemon speaks from there, or one that writes no trailers. A peer that signs does so each second: what comes without a trailer
    /// in between is somebody else's, in its name.
    /// </summary>
    public bool IsKernelAt(long nowMs) => nowMs - KernelMs < FlowConstants.PeerForgetSoonMs && KernelMs - GoodMs >= FlowConstants.PeerSilentMs;

    /// <summary>Whether it signed once, and does not any more.</summary>
    public bool SignsNoMore { get; private init; }

    /// <summary>Whether a peer that signs right is heard from there.</summary>
    public bool IsSigningAt(long nowMs) => nowMs - GoodMs < FlowConstants.PeerSilentMs;

    /// <summary>Brings the lanes together, by address; those without a place last, and nobody who has said nothing.</summary>
    public static IReadOnlyList<PeerOutcomes> Of(IEnumerable<OutcomeLedger> ledgers) =>
    [
        .. ledgers.SelectMany(ledger => ledger.Accounts).GroupBy(account => account.Source).Select(Sum).Where(peer => peer.Counts.Any(count => count > 0))
            .OrderBy(peer => peer.Source is null).ThenBy(peer => peer.Source?.IsIPv6).ThenBy(peer => peer.Source?.Number),
    ];

    private static PeerOutcomes Sum(IGrouping<SourceAddress?, OutcomeAccount> accounts) => new(
        accounts.Key,
        [.. AuthenticationText.Outcomes.Select(outcome => accounts.Sum(account => account[outcome]))],
        [.. AuthenticationText.Outcomes.Select(outcome => accounts.MaxBy(account => account[outcome] > 0 ? account.LastMs : long.MinValue)!.KeyId(outcome))],
        accounts.Max(account => account.GoodMs),
        accounts.Max(account => account.KernelMs))
    {
        SignsNoMore = accounts.Max(account => account.UnsignedMs) - accounts.Max(account => account.SignedMs) >= FlowConstants.PeerSilentMs,
    };
}
