namespace IpvsSync.Daemon.Peers;

/// <summary>What has come of a run on a lane.</summary>
/// <param name="Highest">The highest number that came or was announced.</param>
/// <param name="Open">Numbers that may still come.</param>
/// <param name="Missing">Numbers that will not come any more.</param>
internal readonly record struct RunTrace(ulong Highest, int Open, long Missing);
