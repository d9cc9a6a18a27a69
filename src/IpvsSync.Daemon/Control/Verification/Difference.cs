using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control.Verification;

/// <summary>A connection that differs between the kernel's table and this daemon's.</summary>
/// <param name="Kind">The kind of difference.</param>
/// <param name="Key">The connection.</param>
/// <param name="Kernel">The kernel's record, if there is one.</param>
/// <param name="Ours">This daemon's record, if there is one.</param>
internal readonly record struct Difference(DifferenceKind Kind, ConnectionKey Key, KernelConnection? Kernel, ConnectionRecord? Ours);
