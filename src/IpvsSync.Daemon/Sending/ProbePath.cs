using IpvsSync.Linux;

namespace IpvsSync.Daemon.Sending;

/// <summary>A way on which messages leave, as far as probes need to know it.</summary>
/// <param name="Link">The number of its link.</param>
/// <param name="Peer">The host at its end; null: a group.</param>
internal readonly record struct ProbePath(int Link, SourceAddress? Peer);
