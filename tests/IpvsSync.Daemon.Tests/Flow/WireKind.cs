namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>What connects the directors of a test.</summary>
public enum WireKind
{
    /// <summary>A <see cref="Wires.MemoryNetwork"/>.</summary>
    Memory,

    /// <summary>UDP sockets on the loopback.</summary>
    Sockets,
}
