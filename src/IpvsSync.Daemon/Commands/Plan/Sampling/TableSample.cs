namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>The counts of a copy of <c>/proc/net/ip_vs_conn</c>. Frozen.</summary>
internal sealed record TableSample
{
    /// <summary>Established TCP connections.</summary>
    public int Established { get; init; }

    /// <summary>TCP connections in FIN_WAIT.</summary>
    public int FinWait { get; init; }

    /// <summary>TCP connections in TIME_WAIT.</summary>
    public int TimeWait { get; init; }

    /// <summary>TCP connections in CLOSE.</summary>
    public int Closed { get; init; }

    /// <summary>TCP connections in other states.</summary>
    public int OtherTcp { get; init; }

    /// <summary>UDP connections.</summary>
    public int Udp { get; init; }

    /// <summary>Connections of protocols that the plan does not simulate.</summary>
    public int OtherProtocols { get; init; }

    /// <summary>Persistence templates.</summary>
    public int Templates { get; init; }

    /// <summary>Connections to services with a template.</summary>
    public int Persistent { get; init; }

    /// <summary>IPv6 connections and templates.</summary>
    public int IPv6 { get; init; }

    /// <summary>Distinct client addresses.</summary>
    public int Clients { get; init; }

    /// <summary>Lines that could not be parsed.</summary>
    public int Malformed { get; init; }

    /// <summary>The faults of the first such lines.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>TCP connections.</summary>
    public int Tcp => Established + FinWait + TimeWait + Closed + OtherTcp;

    /// <summary>All connections, without templates.</summary>
    public int Connections => Tcp + Udp + OtherProtocols;
}
