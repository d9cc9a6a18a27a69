namespace IpvsSync.Daemon.Peers;

/// <summary>What a learner says of the run that it is told: CREDIT.</summary>
/// <param name="Teacher">The peer that tells.</param>
/// <param name="Run">The run.</param>
/// <param name="Highest">The highest number that has come.</param>
/// <param name="IsDone">Whether all of it has come.</param>
internal readonly record struct LessonCredit(uint Teacher, uint Run, ulong Highest, bool IsDone);
