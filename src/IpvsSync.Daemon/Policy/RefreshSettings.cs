namespace IpvsSync.Daemon.Policy;

/// <summary>How often an unchanged connection is sent.</summary>
/// <param name="PeriodMs">Milliseconds between two refreshes, unless half of the connection's timeout is shorter.</param>
/// <param name="Retries">
/// The number of repetitions between two refreshes, each at least an eighth of the period after the previous message.
/// </param>
/// <param name="TimeoutMargin">
/// Seconds added to the timeouts that are sent: the time for which the feed may not report packets that restart a connection's timer.
/// Version 0 carries no timeouts, and so no margin.
/// </param>
internal sealed record RefreshSettings(long PeriodMs, int Retries, uint TimeoutMargin = 0)
{
    /// <summary>Seconds between two refreshes if the operator sets no period.</summary>
    public const int DefaultPeriod = 60;

    /// <summary>
    /// Makes the settings from <c>sync_refresh_period</c> in seconds and <c>sync_retries</c>. Without a period the kernel sends an
    /// unchanged connection whenever its packet count requires it, and a template with every packet; on the wire a period and one
    /// repetition have the same effect.
    /// </summary>
    public static RefreshSettings For(int refreshPeriod, int retries, uint timeoutMargin = 0)
        => refreshPeriod > 0 ? new(refreshPeriod * 1000L, retries, timeoutMargin) : new(DefaultPeriod * 1000L, Math.Max(retries, 1), timeoutMargin);
}
