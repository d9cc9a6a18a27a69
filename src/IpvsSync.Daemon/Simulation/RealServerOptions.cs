using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>A real server as <c>ipvsadm -a</c> is asked for it.</summary>
internal sealed record RealServerOptions
{
    /// <summary>Its address, of the service's family.</summary>
    public required Address Address { get; init; }

    /// <summary>Its port; 0 is the port that the client asks for.</summary>
    public ushort Port { get; init; }

    /// <summary>Its weight; 0 takes no new connections.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>How packets reach it.</summary>
    public ForwardingMethod Forwarding { get; init; }
}
