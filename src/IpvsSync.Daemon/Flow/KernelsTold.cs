namespace IpvsSync.Daemon.Flow;

/// <summary>How far this director is that tells everything it carries.</summary>
/// <param name="Told">Connections and templates that are told.</param>
/// <param name="Expected">How many there are. At the end it is <paramref name="Told"/>, unless it was given up.</param>
/// <param name="IsRunning">Whether it goes on.</param>
internal sealed record KernelsTold(long Told, long Expected, bool IsRunning);
