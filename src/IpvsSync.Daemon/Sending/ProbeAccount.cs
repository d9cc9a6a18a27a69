using IpvsSync.Linux;

namespace IpvsSync.Daemon.Sending;

/// <summary>What probes have found out about a peer on one link.</summary>
/// <param name="Instance">The peer.</param>
/// <param name="Source">Its address there.</param>
/// <param name="Link">The number of the link.</param>
/// <param name="RoundTripMs">The mean time until it answers, in milliseconds, the newest answers counting most.</param>
/// <param name="Largest">Bytes of the largest message that it hears there; 0 if nothing speaks against any size.</param>
internal readonly record struct ProbeAccount(uint Instance, SourceAddress Source, int Link, double RoundTripMs, int Largest);
