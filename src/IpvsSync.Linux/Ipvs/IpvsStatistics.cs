namespace IpvsSync.Linux.Ipvs;

/// <summary>Counters of a service or a destination since it was made or zeroed, and rates a second (spec §7.3, STATS64).</summary>
/// <remarks>Kernels before 4.1 count with 32 bits, bytes excepted: there they wrap.</remarks>
public readonly record struct IpvsStatistics
{
    /// <summary>Connections scheduled.</summary>
    public ulong Connections { get; init; }

    /// <summary>Packets from clients.</summary>
    public ulong IncomingPackets { get; init; }

    /// <summary>Packets to clients; 0 where replies do not pass the director.</summary>
    public ulong OutgoingPackets { get; init; }

    /// <summary>Bytes from clients.</summary>
    public ulong IncomingBytes { get; init; }

    /// <summary>Bytes to clients.</summary>
    public ulong OutgoingBytes { get; init; }

    /// <summary>Connections a second.</summary>
    public ulong ConnectionRate { get; init; }

    /// <summary>Packets from clients a second.</summary>
    public ulong IncomingPacketRate { get; init; }

    /// <summary>Packets to clients a second.</summary>
    public ulong OutgoingPacketRate { get; init; }

    /// <summary>Bytes from clients a second.</summary>
    public ulong IncomingByteRate { get; init; }

    /// <summary>Bytes to clients a second.</summary>
    public ulong OutgoingByteRate { get; init; }
}
