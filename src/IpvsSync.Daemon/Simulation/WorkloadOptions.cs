namespace IpvsSync.Daemon.Simulation;

/// <summary>The options of the traffic that a <see cref="Workload"/> generates. The same options give the same packets.</summary>
internal sealed record WorkloadOptions
{
    /// <summary>The seed of the random numbers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>New connections per second, at random times.</summary>
    public double ConnectionsPerSecond { get; init; } = 100;

    /// <summary>The number of client packets between handshake and end of a connection, at least 1.</summary>
    public Distribution Packets { get; init; } = Distribution.Pareto(12);

    /// <summary>Seconds from the handshake to the end; the packets in between are evenly spaced.</summary>
    public Distribution Lifetime { get; init; } = Distribution.Exponential(20);

    /// <summary>The share of UDP, 0 to 1; the rest is TCP.</summary>
    public double UdpShare { get; init; } = 0.2;

    /// <summary>The share of connections to the persistent services, 0 to 1.</summary>
    public double PersistentShare { get; init; } = 0.3;

    /// <summary>The number of connections that start in the first second and never end.</summary>
    public int BusyConnections { get; init; } = 10;

    /// <summary>Client packets per second on each of those connections, evenly spaced.</summary>
    public double BusyPacketsPerSecond { get; init; } = 10;

    /// <summary>The number of clients.</summary>
    public int Clients { get; init; } = 1000;

    /// <summary>Whether replies pass through the director, as with NAT; if not, only client packets are generated.</summary>
    public bool HasReplies { get; init; } = true;
}
