namespace IpvsSync.Daemon.Diagnostics;

/// <summary>What passes a stage in a second.</summary>
/// <param name="Messages">Messages a second.</param>
/// <param name="Entries">Entries a second.</param>
/// <param name="Bytes">Bytes of UDP payload a second.</param>
internal readonly record struct StageRate(double Messages, double Entries, double Bytes);
