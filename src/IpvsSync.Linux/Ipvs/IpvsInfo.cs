namespace IpvsSync.Linux.Ipvs;

/// <summary>The version and table size that IPVS reports.</summary>
/// <param name="Version">The version as <c>ipvsadm</c> prints it: <c>1.2.1</c>.</param>
/// <param name="ConnectionTableSize">The number of buckets of the connection table; it does not limit the number of entries.</param>
public sealed record IpvsInfo(string Version, uint ConnectionTableSize);
