namespace IpvsSync.Daemon.Simulation;

/// <summary>How packets reach a real server; the numbers are those of a connection's flags (spec §3.1).</summary>
internal enum ForwardingMethod : byte
{
    /// <summary>NAT: replies pass through the director too.</summary>
    Masquerade = 0,

    /// <summary>The director itself is the server.</summary>
    Local = 1,

    /// <summary>IP in IP tunnel.</summary>
    Tunnel = 2,

    /// <summary>Direct routing: the real server has the virtual address as well.</summary>
    DirectRouting = 3,
}
