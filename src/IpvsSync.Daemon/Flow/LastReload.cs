namespace IpvsSync.Daemon.Flow;

/// <summary>How the configuration was read last: at the start, or by a reload since.</summary>
/// <param name="IsApplied">False when a reload was refused, and all is as before.</param>
/// <param name="At">When.</param>
internal sealed record LastReload(bool IsApplied, DateTimeOffset At)
{
    /// <summary>When, in seconds since the epoch.</summary>
    public double Seconds => At.ToUnixTimeMilliseconds() / 1000.0;
}
