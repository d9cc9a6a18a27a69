namespace IpvsSync.Daemon.Policy;

/// <summary>
/// The longest timeout that a message can mean, in seconds. A kernel's timeouts are those of its states, which <c>ipvsadm --set</c> changes, and
/// the persistence timeouts of its services. Directors of one pair are configured alike, so a message that says far more is forged or damaged.
/// </summary>
internal static class TimeoutBound
{
    /// <summary>The bound where this director's timeouts cannot be read: 31 days, the longest that ipvsadm and keepalived accept.</summary>
    public const uint Unknown = 31 * Day;

    private const uint Day = 86_400;

    /// <summary>The least factor between the bound and the timeouts here: those of a peer may differ, and include a margin.</summary>
    private const uint Factor = 2;

    /// <summary>The bound of a director: twice its own longest timeout, but at least a day.</summary>
    /// <param name="timeouts">The timeouts of its states.</param>
    /// <param name="persistence">The longest persistence timeout of its services; 0 without any.</param>
    public static uint Of(KernelTimeouts timeouts, uint persistence)
    {
        uint longest = Math.Max(Math.Max(timeouts.Tcp, timeouts.TcpFin), Math.Max(timeouts.Udp, persistence));
        return Math.Max(Day, (uint)Math.Min(uint.MaxValue, (ulong)longest * Factor));
    }
}
