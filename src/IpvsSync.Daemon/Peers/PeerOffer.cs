using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What a peer could tell, as it answers HELLO.</summary>
/// <param name="Instance">The peer.</param>
/// <param name="Source">Where it speaks from.</param>
/// <param name="IsComplete">Whether it knows itself to be complete.</param>
/// <param name="IsStarting">Whether it has not been ready yet: beside its own connections it knows only what it has just been told.</param>
/// <param name="Own">Connections of its own kernel.</param>
/// <param name="Remembered">Connections that it has of others.</param>
/// <param name="Lanes">Its lanes.</param>
internal readonly record struct PeerOffer(uint Instance, SourceAddress Source, bool IsComplete, bool IsStarting, long Own, long Remembered, int Lanes);
