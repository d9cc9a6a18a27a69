namespace IpvsSync.Daemon.Policy;

/// <summary>How often an unchanged connection leaves.</summary>
/// <param name="PeriodMs">Milliseconds between two refreshes, unless half of the connection's timeout is less.</param>
/// <param name="Retries">Repetitions between two refreshes, each at least an eighth of the period after the message before.</param>
/// <param name="TimeoutMargin">
/// Seconds that are added to the timeouts told: how long the feed may say nothing about packets that restart a connection's timer.
/// Version 0 carries no timeouts, and no timeoutMargin.
/// </param>
internal sealed record RefreshSettings(long PeriodMs, int Retries, uint TimeoutMargin = 0)
{
    /// <summary>Seconds between two refreshes where the operator sets no period.</summary>
    public const int DefaultPeriod = 60;

    /// <summary>
    /// The settings for <c>sync_refresh_period</c> in seconds and <c>sync_retries</c>. Without a period the kernel sends an unchanged
    /// connection whenever its packet count says so, and a template with every packet; on the wire a period and one repetition do the
    /// same service.
    /// </summary>
    public static RefreshSettings For(int refreshPeriod, int retries, uint timeoutMargin = 0)
        => refreshPeriod > 0 ? new(refreshPeriod * 1000L, retries, timeoutMargin) : new(DefaultPeriod * 1000L, Math.Max(retries, 1), timeoutMargin);
}
