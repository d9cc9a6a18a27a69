namespace IpvsSync.Linux.Ipvs;

/// <summary>
/// The counters of a service or a destination since it was created or zeroed, and its rates per second (spec §7.3, STATS64).
/// </summary>
/// <remarks>Kernels before 4.1 count with 32 bits, except bytes, so these counters wrap there.</remarks>
public readonly record struct IpvsStatistics
{
    /// <summary>The number of connections scheduled.</summary>
    public ulong Connections { get; init; }

    /// <summary>Packets from clients.</summary>
    public ulong IncomingPackets { get; init; }

    /// <summary>Packets to clients; 0 where replies do not pass through the director.</summary>
    public ulong OutgoingPackets { get; init; }

    /// <summary>Bytes from clients.</summary>
    public ulong IncomingBytes { get; init; }

    /// <summary>Bytes to clients.</summary>
    public ulong OutgoingBytes { get; init; }

    /// <summary>Connections per second.</summary>
    public ulong ConnectionRate { get; init; }

    /// <summary>Packets from clients per second.</summary>
    public ulong IncomingPacketRate { get; init; }

    /// <summary>Packets to clients per second.</summary>
    public ulong OutgoingPacketRate { get; init; }

    /// <summary>Bytes from clients per second.</summary>
    public ulong IncomingByteRate { get; init; }

    /// <summary>Bytes to clients per second.</summary>
    public ulong OutgoingByteRate { get; init; }
}
