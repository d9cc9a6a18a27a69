namespace IpvsSync.Daemon.Policy;

/// <summary>The flag of a TCP segment that determines the next state.</summary>
internal enum TcpSignal : byte
{
    /// <summary>SYN, with or without ACK.</summary>
    Syn,

    /// <summary>FIN, with or without ACK.</summary>
    Fin,

    /// <summary>ACK without any of the others: data, or a bare acknowledgement.</summary>
    Ack,

    /// <summary>RST.</summary>
    Rst,
}
