namespace IpvsSync.Linux.Ipvs;

/// <summary>Receives one connection of the kernel's table.</summary>
/// <param name="connection">The connection.</param>
/// <param name="engine">The name of its persistence engine; empty if there is none. Valid only during the call.</param>
/// <param name="engineData">The engine's key as printed: everything after a byte 0 is lost. Valid only during the call.</param>
public delegate void IpvsConnectionHandler(in IpvsConnection connection, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData);
