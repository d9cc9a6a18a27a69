namespace IpvsSync.Linux.Ipvs;

/// <summary>Takes one connection of the kernel's table.</summary>
/// <param name="connection">The connection.</param>
/// <param name="engine">The name of its persistence engine; empty without one. Good during the call only.</param>
/// <param name="engineData">The engine's key as it is printed: what stands behind a byte 0 is lost. Good during the call only.</param>
public delegate void IpvsConnectionHandler(in IpvsConnection connection, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData);
