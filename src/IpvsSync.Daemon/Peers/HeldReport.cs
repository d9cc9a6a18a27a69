using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Peers;

/// <summary>How many of an owner's connections a peer holds on one lane, at the last digest that could be compared.</summary>
/// <param name="Instance">The peer.</param>
/// <param name="Own">Connections of the owner.</param>
/// <param name="Held">Those of them that the peer has.</param>
/// <param name="Extra">Connections that the peer has and the owner has not, or no longer.</param>
/// <param name="Differing">Cells that differ.</param>
/// <param name="AtMs">When that was, on the table's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeldReport(uint Instance, long Own, long Held, long Extra, long Differing, long AtMs);
