namespace IpvsSync.Daemon.Policy;

/// <summary>What a TCP segment says to the state machine: the one of its flags that weighs most.</summary>
internal enum TcpSignal : byte
{
    /// <summary>SYN, with or without ACK.</summary>
    Syn,

    /// <summary>FIN, with or without ACK.</summary>
    Fin,

    /// <summary>ACK and nothing that weighs more: data, or a bare acknowledgement.</summary>
    Ack,

    /// <summary>RST.</summary>
    Rst,
}
