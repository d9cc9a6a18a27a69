namespace IpvsSync.Daemon.Simulation;

/// <summary>What traffic a <see cref="Workload"/> makes. The same options make the same packets.</summary>
internal sealed record WorkloadOptions
{
    /// <summary>The seed of all that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>New connections a second, at random moments.</summary>
    public double ConnectionsPerSecond { get; init; } = 100;

    /// <summary>Client packets of a connection between its handshake and its end, at least 1.</summary>
    public Distribution Packets { get; init; } = Distribution.Pareto(12);

    /// <summary>Seconds from the handshake to the end; the packets between are evenly spread.</summary>
    public Distribution Lifetime { get; init; } = Distribution.Exponential(20);

    /// <summary>The share of UDP, 0 to 1; the rest is TCP.</summary>
    public double UdpShare { get; init; } = 0.2;

    /// <summary>The share of connections to the persistent services, 0 to 1.</summary>
    public double PersistentShare { get; init; } = 0.3;

    /// <summary>Connections that begin in the first second and never end.</summary>
    public int BusyConnections { get; init; } = 10;

    /// <summary>Client packets a second on each of those, evenly spread.</summary>
    public double BusyPacketsPerSecond { get; init; } = 10;

    /// <summary>How many clients there are.</summary>
    public int Clients { get; init; } = 1000;

    /// <summary>Whether replies pass the director, as with NAT; without them only clients are heard.</summary>
    public bool HasReplies { get; init; } = true;
}
