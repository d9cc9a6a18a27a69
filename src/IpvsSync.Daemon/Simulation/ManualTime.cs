namespace IpvsSync.Daemon.Simulation;

/// <summary>A clock that stands still until it is set, in milliseconds. For one thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _nowMs;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1000;

    /// <inheritdoc/>
    public override long GetTimestamp() => _nowMs;

    /// <summary>Sets the time to <paramref name="nowMs"/>; an earlier time has no effect.</summary>
    public void AdvanceTo(long nowMs) => _nowMs = Math.Max(_nowMs, nowMs);
}
