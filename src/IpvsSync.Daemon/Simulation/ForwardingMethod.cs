namespace IpvsSync.Daemon.Simulation;

/// <summary>How packets reach a real server, numbered as in a connection's flags (spec §3.1).</summary>
internal enum ForwardingMethod : byte
{
    /// <summary>NAT: replies pass the director too.</summary>
    Masquerade = 0,

    /// <summary>The director itself serves.</summary>
    Local = 1,

    /// <summary>IP in IP.</summary>
    Tunnel = 2,

    /// <summary>The real server has the virtual address as well.</summary>
    DirectRouting = 3,
}
