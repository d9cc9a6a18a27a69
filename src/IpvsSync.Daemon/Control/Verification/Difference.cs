using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>A connection about which the kernel's table and ours differ.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Key">The connection.</param>
/// <param name="Kernel">What the kernel says, if anything.</param>
/// <param name="Ours">What we say, if anything.</param>
internal readonly record struct Difference(DifferenceKind Kind, ConnectionKey Key, KernelConnection? Kernel, ConnectionRecord? Ours);
