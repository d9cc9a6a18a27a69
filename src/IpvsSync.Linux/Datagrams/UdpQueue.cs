using System.Diagnostics.CodeAnalysis;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The receive queue of an UDP socket at one moment.</summary>
/// <param name="Queued">Memory held by datagrams that wait, in bytes as the kernel accounts them: overhead included.</param>
/// <param name="Limit">The value of <paramref name="Queued"/> at which the kernel begins to drop; 0 if not known.</param>
/// <param name="Drops">Datagrams dropped since the socket was opened; 32 bits in the kernel, so it wraps.</param>
[SuppressMessage("Naming", "CA1711", Justification = "It describes a kernel's queue; it is no collection.")]
public readonly record struct UdpQueue(long Queued, long Limit, long Drops);
