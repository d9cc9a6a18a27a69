namespace IpvsSync.Daemon.Peers;

/// <summary>What one peer is asked for, on every lane.</summary>
/// <param name="Teacher">The peer.</param>
/// <param name="IsRemembered">Whether to tell what it remembers of others that are not there, instead of its own connections.</param>
internal readonly record struct Lesson(uint Teacher, bool IsRemembered);
