namespace IpvsSync.Linux.Ipvs;

/// <summary>What IPVS says of itself.</summary>
/// <param name="Version">As <c>ipvsadm</c> prints it: <c>1.2.1</c>.</param>
/// <param name="ConnectionTableSize">Buckets of the connection table, not a limit of its entries.</param>
public sealed record IpvsInfo(string Version, uint ConnectionTableSize);
