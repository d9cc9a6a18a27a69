using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>The options of a real server, as for <c>ipvsadm -a</c>.</summary>
internal sealed record RealServerOptions
{
    /// <summary>Its address, of the service's family.</summary>
    public required Address Address { get; init; }

    /// <summary>Its port; 0 means the port that the client uses.</summary>
    public ushort Port { get; init; }

    /// <summary>Its weight; 0 gets no new connections.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>How packets reach it.</summary>
    public ForwardingMethod Forwarding { get; init; }
}
