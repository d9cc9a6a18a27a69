namespace IpvsSync.Daemon.Peers;

/// <summary>A question that is to be sent: ASK.</summary>
/// <param name="Lesson">What is asked for.</param>
/// <param name="Run">The number under which it is told.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct LessonQuestion(Lesson Lesson, uint Run, ResyncReason Reason);
