using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What a peer could tell, as it answers HELLO.</summary>
/// <param name="Instance">The peer.</param>
/// <param name="Source">Where it speaks from.</param>
/// <param name="IsComplete">Whether it knows itself to be complete.</param>
/// <param name="Own">Connections of its own kernel.</param>
/// <param name="Remembered">Connections that it has of others.</param>
/// <param name="Lanes">Its lanes.</param>
internal readonly record struct PeerOffer(uint Instance, SourceAddress Source, bool IsComplete, long Own, long Remembered, int Lanes);
