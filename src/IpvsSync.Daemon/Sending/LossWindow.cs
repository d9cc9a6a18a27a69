namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The time in which entries were appended of which some were lost, both ends inclusive, in milliseconds of the lane's clock.
/// Which connections they were is found in the table, by the time they were last sent.
/// </summary>
internal readonly record struct LossWindow(long FromMs, long ToMs)
{
    /// <summary>No loss.</summary>
    public static readonly LossWindow None = new(long.MaxValue, long.MinValue);

    /// <summary>Whether nothing was lost.</summary>
    public bool IsNone => FromMs > ToMs;

    /// <summary>Whether an entry sent at that time may be among the lost.</summary>
    public bool Contains(long ms) => ms >= FromMs && ms <= ToMs;

    /// <summary>The smallest window that holds this one and another.</summary>
    public LossWindow Join(LossWindow other) => new(Math.Min(FromMs, other.FromMs), Math.Max(ToMs, other.ToMs));
}
