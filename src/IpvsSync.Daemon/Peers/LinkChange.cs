using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>A peer that is heard on another link has fallen silent on this one, or speaks again.</summary>
/// <param name="Address">The peer.</param>
/// <param name="Link">The number of the link.</param>
/// <param name="IsSilent">Whether it is silent there.</param>
/// <param name="SilentMs">For how many milliseconds it is or was.</param>
internal readonly record struct LinkChange(SourceAddress Address, int Link, bool IsSilent, long SilentMs);
