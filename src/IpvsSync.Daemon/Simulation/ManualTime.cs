namespace IpvsSync.Daemon.Simulation;

/// <summary>A clock that stands still until it is set, in milliseconds. One thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _nowMs;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1000;

    /// <inheritdoc/>
    public override long GetTimestamp() => _nowMs;

    /// <summary>It is <paramref name="nowMs"/> now; a time before that leaves it as it is.</summary>
    public void AdvanceTo(long nowMs) => _nowMs = Math.Max(_nowMs, nowMs);
}
