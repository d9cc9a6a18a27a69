namespace IpvsSync.Daemon.Table;

/// <summary>
/// Remembers whether the peers' messages overtake each other. Most sync links keep the order for ever; one that does not shows it within seconds,
/// since ends of connections then arrive before their beginnings. Any thread may call any member.
/// </summary>
internal sealed class LinkDisorder
{
    /// <summary>Milliseconds for which what was seen counts.</summary>
    public const long RecentMs = 60_000;

    /// <summary>
    /// How often it must be seen: a lone case may have another cause, such as a lost message and a port used again at once.
    /// </summary>
    public const int Least = 3;

    private long _lastMs;
    private int _seen;

    /// <summary>Notes that a message has overtaken another.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Note(long nowMs)
    {
        // Two threads at once may count one case for two, which does no harm.
        bool isNew = nowMs - Volatile.Read(ref _lastMs) >= RecentMs;
        Volatile.Write(ref _seen, isNew ? 1 : Math.Min(Least, Volatile.Read(ref _seen) + 1));
        Volatile.Write(ref _lastMs, nowMs);
    }

    /// <summary>Whether messages have overtaken each other lately.</summary>
    /// <param name="nowMs">The time on the table's clock.</param>
    public bool IsRecent(long nowMs) => Volatile.Read(ref _seen) >= Least && nowMs - Volatile.Read(ref _lastMs) < RecentMs;
}
