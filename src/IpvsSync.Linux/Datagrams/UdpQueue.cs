using System.Diagnostics.CodeAnalysis;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The receive queue of a UDP socket at one moment.</summary>
/// <param name="Queued">Memory used by waiting datagrams, in bytes as the kernel counts them, overhead included.</param>
/// <param name="Limit">The value of <paramref name="Queued"/> at which the kernel starts to drop; 0 if unknown.</param>
/// <param name="Drops">Datagrams dropped since the socket was opened. The kernel's count has 32 bits, so it wraps.</param>
[SuppressMessage("Naming", "CA1711", Justification = "It describes a kernel's queue; it is no collection.")]
public readonly record struct UdpQueue(long Queued, long Limit, long Drops);
