namespace IpvsSync.Daemon.Table;

/// <summary>What became of a walk over a part of the table.</summary>
/// <param name="Sent">Connections that were sent again.</param>
/// <param name="Known">Connections that were not, because they were sent lately.</param>
/// <param name="IsDone">Whether it came to its end; if not, as many were sent as may be, or a lane has no space.</param>
internal readonly record struct RepeatOutcome(int Sent, int Known, bool IsDone);
