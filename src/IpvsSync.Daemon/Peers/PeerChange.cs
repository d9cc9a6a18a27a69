using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What has happened to a peer that numbers its messages.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">Where it speaks from.</param>
/// <param name="Instance">The instance that is lost, is heard again or was followed.</param>
/// <param name="Follower">The one that has followed; 0 if none has.</param>
/// <param name="HeardMs">For how many milliseconds it was heard, with those that it has followed.</param>
/// <param name="SilentMs">For how many milliseconds it is or was silent.</param>
internal readonly record struct PeerChange(PeerChangeKind Kind, SourceAddress Address, uint Instance, uint Follower, long HeardMs, long SilentMs);
