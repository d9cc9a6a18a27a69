namespace IpvsSync.Linux.Ipvs;

/// <summary>How a connection came into the kernel's table.</summary>
public enum IpvsOrigin : byte
{
    /// <summary>The file does not say: <c>ip_vs_conn</c>.</summary>
    Unknown,

    /// <summary>By a packet: <c>LOCAL</c>.</summary>
    Local,

    /// <summary>By synchronisation: <c>SYNC</c>. It stays so when this director carries the connection later.</summary>
    Synced,
}
