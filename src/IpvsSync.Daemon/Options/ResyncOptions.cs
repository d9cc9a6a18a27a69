namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Resync</c>: how long a director that starts waits for what its peers know. Immutable.</summary>
internal sealed record ResyncOptions
{
    /// <summary>Seconds, from the moment the link carries, after which a director to which nobody has answered is alone, 0-3600.</summary>
    public decimal AloneAfter { get; init; } = 2;

    /// <summary>Seconds after which a director opens its gate though it has not learnt everything, 1-86400.</summary>
    public int TimeLimit { get; init; } = 60;

    /// <summary><see cref="AloneAfter"/> in milliseconds.</summary>
    public long AloneAfterMs => (long)(AloneAfter * 1000);

    /// <summary><see cref="TimeLimit"/> in milliseconds.</summary>
    public long TimeLimitMs => TimeLimit * 1000L;
}
