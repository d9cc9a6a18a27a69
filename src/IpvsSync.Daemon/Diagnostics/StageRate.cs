namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The rates of a stage.</summary>
/// <param name="Messages">Messages per second.</param>
/// <param name="Entries">Entries per second.</param>
/// <param name="Bytes">Bytes of UDP payload per second.</param>
internal readonly record struct StageRate(double Messages, double Entries, double Bytes);
