namespace IpvsSync.Daemon.Policy;

/// <summary>
/// Refresh period and retries towards the peers, where the kernel's packet counts are not visible. It is the kernel's rule (spec §4.3, step
/// 4) for unchanged connections, with two differences: half of the timeout has no lower bound, and a postponed update stays pending and is
/// sent at the end of the window, even without another packet. So a backup restarts its timer before half of it has elapsed, as long as the
/// connection was updated since. Pure: the state of a connection is its <see cref="SentState"/>.
/// </summary>
internal static class RefreshPolicy
{
    /// <summary>Milliseconds after which a new life of the same endpoints is sent again. A backup then recognises it as new.</summary>
    public const long RebirthMs = BackupRules.OlderWithinMs + 1000;

    /// <summary>Decides about a connection that was just updated, and records the result in <paramref name="memory"/>.</summary>
    /// <param name="isNews">Whether the connection is new or differs from its last update.</param>
    /// <param name="timeoutMs">The timeout that is sent to the backups.</param>
    /// <param name="nowMs">The time, on the clock of <paramref name="memory"/>.</param>
    /// <param name="settings">Period and retries.</param>
    /// <param name="memory">What was last sent to the backups.</param>
    public static SendDecision Decide(bool isNews, long timeoutMs, long nowMs, RefreshSettings settings, ref SentState memory)
    {
        if (isNews || !memory.IsSent)
            return MarkSent(SendDecision.News, nowMs, retries: 0, ref memory);
        long since = nowMs - memory.SentMs;
        if (memory.IsReborn && since >= RebirthMs)
            return MarkSent(SendDecision.Refresh, nowMs, retries: 0, ref memory);
        if (since >= Window(timeoutMs, settings))
            return MarkSent(SendDecision.Refresh, nowMs, retries: 0, ref memory);
        if (memory.Retries < settings.Retries && since >= settings.PeriodMs / 8)
            return MarkSent(SendDecision.Retry, nowMs, (byte)(memory.Retries + 1), ref memory);
        memory.IsPending = true;
        return SendDecision.Postponed;
    }

    /// <summary>Whether a pending update is due: a postponed refresh at the end of its window; a lost one at once.</summary>
    public static bool IsDue(long timeoutMs, long nowMs, RefreshSettings settings, in SentState memory)
        => memory.IsPending && nowMs >= DueMs(timeoutMs, settings, memory);

    /// <summary>
    /// The time at which a postponed refresh is due, on the clock of <paramref name="memory"/>; a lost one is always due.
    /// </summary>
    public static long DueMs(long timeoutMs, RefreshSettings settings, in SentState memory)
    {
        if (!memory.IsSent)
            return long.MinValue;
        long window = Window(timeoutMs, settings);
        return memory.SentMs + (memory.IsReborn ? Math.Min(window, RebirthMs) : window);
    }

    /// <summary>Records that the update just sent starts a new life of the same endpoints.</summary>
    public static void NoteRebirth(ref SentState memory) => (memory.IsReborn, memory.IsPending) = (true, true);

    /// <summary>Records that a pending update was sent.</summary>
    public static void NoteSent(long nowMs, ref SentState memory) => MarkSent(SendDecision.Refresh, nowMs, retries: 0, ref memory);

    /// <summary>
    /// Records that the connection was sent though nothing was due. What starts a new life is still sent again when a backup no longer takes it for
    /// an old message.
    /// </summary>
    public static void NoteRepeated(long nowMs, ref SentState memory)
    {
        if (memory is { IsSent: true, IsReborn: true })
            memory.SentMs = nowMs;
        else
            NoteSent(nowMs, ref memory);
    }

    private static long Window(long timeoutMs, RefreshSettings settings) => Math.Min(settings.PeriodMs, timeoutMs / 2);

    private static SendDecision MarkSent(SendDecision verdict, long nowMs, byte retries, ref SentState memory)
    {
        memory = new SentState { SentMs = nowMs, Retries = retries, IsSent = true };
        return verdict;
    }
}
