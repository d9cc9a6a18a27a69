namespace IpvsSync.Linux.Ipvs;

/// <summary>The address of a connection, with its family.</summary>
/// <param name="Number">The address as a number; an IPv4 address is in the low 32 bits.</param>
/// <param name="IsIPv6">Whether the address has 16 bytes, not 4.</param>
public readonly record struct IpvsAddress(UInt128 Number, bool IsIPv6);
