namespace IpvsSync.Daemon.Simulation;

/// <summary>The packets of a <see cref="Flow"/> in their order. UDP has only data and replies.</summary>
internal enum FlowStep : byte
{
    /// <summary>The client's SYN.</summary>
    Syn,

    /// <summary>The server's SYN ACK.</summary>
    SynReply,

    /// <summary>The client's ACK that ends the handshake.</summary>
    HandshakeAck,

    /// <summary>A data packet of the client.</summary>
    Data,

    /// <summary>The server's reply to it.</summary>
    Reply,

    /// <summary>The client's FIN.</summary>
    Fin,

    /// <summary>The server's FIN.</summary>
    FinReply,

    /// <summary>The client's last ACK.</summary>
    LastAck,

    /// <summary>No packet follows.</summary>
    Over,
}
