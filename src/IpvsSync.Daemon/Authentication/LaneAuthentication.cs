namespace IpvsSync.Daemon.Authentication;

/// <summary>What the two sides of a lane share to sign, and to know who has answered.</summary>
/// <param name="store">The keys.</param>
/// <param name="lane">The lane.</param>
internal sealed class LaneAuthentication(KeyStore store, byte lane)
{
    /// <summary>The lane.</summary>
    public byte Lane => lane;

    /// <summary>The keys. Any thread, as the last two.</summary>
    public KeyStore Store => store;

    /// <summary>Signs what leaves. For the lane's sender.</summary>
    public LaneSigner Signer { get; } = new(store, lane);

    /// <summary>Asks who is there.</summary>
    public LaneChallenge Challenge { get; } = new();

    /// <summary>What became of the peers' messages.</summary>
    public OutcomeLedger Ledger { get; } = new();
}
