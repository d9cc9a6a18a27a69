using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>What is known of a real server of a service.</summary>
/// <param name="Method">Its forwarding method.</param>
/// <param name="IsQuiesced">Whether its weight is 0: it gets no new connections.</param>
internal readonly record struct ServerFacts(ConnectionFlags Method, bool IsQuiesced);
