namespace IpvsSync.Daemon.Policy;

/// <summary>
/// Refresh period and retries on the way out, where the packet counts of the kernel are not visible: the kernel's rule (spec §4.3,
/// step 4) for what has not changed, with two differences. Pipeline of the timeout has no lower bound, and what is held back
/// is owed: it leaves when the window ends, packet or not. So a backup's timer is restarted before half of it has run, as long as the
/// connection was heard of since. Pure: the state of a connection is its <see cref="SentState"/>.
/// </summary>
internal static class RefreshPolicy
{
    /// <summary>When a new life of the same ends is told again, in milliseconds after it was: a backup of ours then knows it for one.</summary>
    public const long RebirthMs = BackupRules.OlderWithinMs + 1000;

    /// <summary>Decides about a connection that was heard of just now, and notes in <paramref name="memory"/> what follows.</summary>
    /// <param name="isNews">Whether it is new or differs from what was last heard.</param>
    /// <param name="timeoutMs">The timeout that the backups are told.</param>
    /// <param name="nowMs">The time, on the clock of <paramref name="memory"/>.</param>
    /// <param name="settings">Period and retries.</param>
    /// <param name="memory">What the backups were told.</param>
    public static SendDecision Decide(bool isNews, long timeoutMs, long nowMs, RefreshSettings settings, ref SentState memory)
    {
        if (isNews || !memory.IsSent)
            return Tell(SendDecision.News, nowMs, retries: 0, ref memory);
        long since = nowMs - memory.SentMs;
        if (memory.IsReborn && since >= RebirthMs)
            return Tell(SendDecision.Refresh, nowMs, retries: 0, ref memory);
        if (since >= Window(timeoutMs, settings))
            return Tell(SendDecision.Refresh, nowMs, retries: 0, ref memory);
        if (memory.Retries < settings.Retries && since >= settings.PeriodMs / 8)
            return Tell(SendDecision.Retry, nowMs, (byte)(memory.Retries + 1), ref memory);
        memory.IsPending = true;
        return SendDecision.Postponed;
    }

    /// <summary>Whether something is owed that is due: a postponed refresh at the end of its window, what was lost at once.</summary>
    public static bool IsDue(long timeoutMs, long nowMs, RefreshSettings settings, in SentState memory)
        => memory.IsPending && nowMs >= DueMs(timeoutMs, settings, memory);

    /// <summary>When a postponed refresh is due, on the clock of <paramref name="memory"/>; what was lost is due since ever.</summary>
    public static long DueMs(long timeoutMs, RefreshSettings settings, in SentState memory)
    {
        if (!memory.IsSent)
            return long.MinValue;
        long window = Window(timeoutMs, settings);
        return memory.SentMs + (memory.IsReborn ? Math.Min(window, RebirthMs) : window);
    }

    /// <summary>Notes that what was just told is a new life of the same ends.</summary>
    public static void NoteRebirth(ref SentState memory) => (memory.IsReborn, memory.IsPending) = (true, true);

    /// <summary>Notes that what was owed is told.</summary>
    public static void NoteSent(long nowMs, ref SentState memory) => Tell(SendDecision.Refresh, nowMs, retries: 0, ref memory);

    private static long Window(long timeoutMs, RefreshSettings settings) => Math.Min(settings.PeriodMs, timeoutMs / 2);

    private static SendDecision Tell(SendDecision verdict, long nowMs, byte retries, ref SentState memory)
    {
        memory = new SentState { SentMs = nowMs, Retries = retries, IsSent = true };
        return verdict;
    }
}
