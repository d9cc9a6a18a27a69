namespace IpvsSync.Linux.Ipvs;

/// <summary>How a connection entered the kernel's table.</summary>
public enum IpvsOrigin : byte
{
    /// <summary>The file does not contain the origin: <c>ip_vs_conn</c>.</summary>
    Unknown,

    /// <summary>Created by a packet: <c>LOCAL</c>.</summary>
    Local,

    /// <summary>Created by synchronisation: <c>SYNC</c>. It stays so when this director handles the connection later.</summary>
    Synced,
}
