namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>What stood in a copy of <c>/proc/net/ip_vs_conn</c>. Frozen.</summary>
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

    /// <summary>Connections of protocols that the plan does not make.</summary>
    public int OtherProtocols { get; init; }

    /// <summary>Persistence templates.</summary>
    public int Templates { get; init; }

    /// <summary>Connections to services for which there is a template.</summary>
    public int Persistent { get; init; }

    /// <summary>IPv6 connections and templates.</summary>
    public int IPv6 { get; init; }

    /// <summary>Different client addresses.</summary>
    public int Clients { get; init; }

    /// <summary>Lines that are none of the table's.</summary>
    public int Malformed { get; init; }

    /// <summary>The first of those, with what is wrong.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>TCP connections.</summary>
    public int Tcp => Established + FinWait + TimeWait + Closed + OtherTcp;

    /// <summary>All connections, without templates.</summary>
    public int Connections => Tcp + Udp + OtherProtocols;
}
