namespace IpvsSync.Daemon.Simulation;

#pragma warning disable CA1711 // The header calls them flags.

/// <summary>The flags of a TCP header that the state machine examines, with their values in the header.</summary>
[Flags]
internal enum TcpFlags : byte
{
    /// <summary>Not a TCP packet.</summary>
    None = 0,

    /// <summary>FIN.</summary>
    Fin = 0x01,

    /// <summary>SYN.</summary>
    Syn = 0x02,

    /// <summary>RST.</summary>
    Rst = 0x04,

    /// <summary>ACK.</summary>
    Ack = 0x10,
}
