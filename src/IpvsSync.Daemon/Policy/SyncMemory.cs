namespace IpvsSync.Daemon.Policy;

/// <summary>What a connection remembers of its last message (spec §4.2, E and O).</summary>
/// <param name="EndTime">
/// The expiry time sent to the backups, in ticks, rounded down to a multiple of 4, plus the number of retries since: 0 to 3.
/// </param>
/// <param name="SentState">The state sent to the backups; 0 before the first message.</param>
internal readonly record struct SyncMemory(long EndTime, ushort SentState)
{
    /// <summary>The memory of a connection that is created at <paramref name="now"/> ticks.</summary>
    public static SyncMemory AtCreation(long now) => new(SyncTicks.RoundDown(now), 0);
}
