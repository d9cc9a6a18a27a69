using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>A real server of one virtual service, with connection counts as <c>ipvsadm -Ln</c> shows them. Live.</summary>
internal sealed class RealServer(RealServerOptions options)
{
    /// <summary>Its address.</summary>
    public Address Address { get; } = options.Address;

    /// <summary>Its port; 0 means the port that the client uses.</summary>
    public ushort Port { get; } = options.Port;

    /// <summary>Its weight, which may change at any time; 0 gets no new connections.</summary>
    public int Weight { get; set; } = options.Weight;

    /// <summary>
    /// The flags of a new connection to it: forwarding method, INACTIVE, and NOOUTPUT if replies do not pass through the director.
    /// </summary>
    public ConnectionFlags Flags { get; } = (ConnectionFlags)options.Forwarding | ConnectionFlags.IP_VS_CONN_F_INACTIVE
        | (options.Forwarding == ForwardingMethod.Masquerade ? 0 : ConnectionFlags.IP_VS_CONN_F_NOOUTPUT);

    /// <summary>The number of connections in active states.</summary>
    public int Active { get; private set; }

    /// <summary>The number of connections in inactive states.</summary>
    public int Inactive { get; private set; }

    /// <summary>The number of templates.</summary>
    public int Persistent { get; private set; }

    /// <summary>Adds <paramref name="difference"/> to the count that <paramref name="flags"/> select.</summary>
    public void Count(ConnectionFlags flags, int difference)
    {
        if ((flags & ConnectionFlags.IP_VS_CONN_F_TEMPLATE) != 0)
            Persistent += difference;
        else if ((flags & ConnectionFlags.IP_VS_CONN_F_INACTIVE) != 0)
            Inactive += difference;
        else
            Active += difference;
    }
}
