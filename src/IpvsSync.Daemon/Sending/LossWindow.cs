namespace IpvsSync.Daemon.Sending;

/// <summary>
/// A span of time in which some of the appended entries were lost; both ends count, in milliseconds of the lane's clock. A visit to every
/// record of the table finds them by the time at which they were last sent.
/// </summary>
internal readonly record struct LossWindow(long FromMs, long ToMs)
{
    /// <summary>No loss.</summary>
    public static readonly LossWindow None = new(long.MaxValue, long.MinValue);

    /// <summary>Whether nothing was lost.</summary>
    public bool IsNone => FromMs > ToMs;

    /// <summary>Whether an entry sent at that time may be lost.</summary>
    public bool Contains(long ms) => ms >= FromMs && ms <= ToMs;

    /// <summary>The smallest window that holds this one and another.</summary>
    public LossWindow Join(LossWindow other) => new(Math.Min(FromMs, other.FromMs), Math.Max(ToMs, other.ToMs));
}
