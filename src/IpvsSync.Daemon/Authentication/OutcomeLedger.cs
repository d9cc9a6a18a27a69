using IpvsSync.Linux;

namespace IpvsSync.Daemon.Authentication;

/// <summary>
/// Counts what became of the peers' messages on one lane, by address. The lane's receiver writes, without a lock and without allocating for a known
/// peer; any thread reads. Forged addresses take no place from a peer that signs right.
/// </summary>
internal sealed class OutcomeLedger
{
    private volatile OutcomeAccount[] _accounts = [];
    private readonly OutcomeAccount _others = new(source: null);
    private OutcomeAccount? _last;

    /// <summary>All accounts, that of those without a place last.</summary>
    public IReadOnlyList<OutcomeAccount> Accounts => [.. _accounts, _others];

    /// <summary>Counts a message.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="keyId">The key that it names; 0 for none.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="nowMs">When that was, on the table's clock.</param>
    public void Note(in SourceAddress source, byte keyId, AuthenticationOutcome outcome, long nowMs)
        => Find(source, outcome, nowMs).Note(keyId, outcome, nowMs);

    /// <summary>Counts a message without a trailer.</summary>
    public void NoteKernel(in SourceAddress source, long nowMs)
    {
        OutcomeAccount account = Find(source, AuthenticationOutcome.Unsigned, nowMs);
        account.Note(keyId: 0, AuthenticationOutcome.Unsigned, nowMs);
        account.KernelMs = nowMs;
    }

    private OutcomeAccount Find(in SourceAddress source, AuthenticationOutcome outcome, long nowMs)
    {
        if (_last is { } last && last.Is(source))
            return last;
        foreach (OutcomeAccount account in _accounts)
        {
            if (account.Is(source))
                return _last = account;
        }

        return Admit(source, isGood: outcome == AuthenticationOutcome.Good, nowMs);
    }

    private OutcomeAccount Admit(in SourceAddress source, bool isGood, long nowMs)
    {
        OutcomeAccount[] accounts = _accounts;
        if (accounts.Length == FlowConstants.MaxPeers)
        {
            OutcomeAccount oldest = accounts.MinBy(account => account.LastMs)!;
            OutcomeAccount? poorest = isGood ? accounts.Where(account => account[AuthenticationOutcome.Good] == 0).MinBy(account => account.LastMs) : null;
            OutcomeAccount? given = nowMs - oldest.LastMs >= FlowConstants.PeerForgetSoonMs ? oldest : poorest;
            if (given is null)
                return _others;
            accounts = Array.FindAll(accounts, account => account != given);
        }

        var added = new OutcomeAccount(source);
        _accounts = [.. accounts, added];
        return _last = added;
    }
}
