namespace IpvsSync.Lab.Load;

/// <summary>
/// The state of one client connection; the last three are its fate after the failover. Abandoned connections never completed their
/// handshake.
/// </summary>
internal enum ConnectionState
{
    Connecting,
    Abandoned,
    Open,
    Retrying,
    Survived,
    Reset,
    TimedOut,
}

/// <summary>One client connection. Its local port identifies it in both directors' tables.</summary>
internal sealed class Connection(int descriptor, int port)
{
    public int Descriptor { get; } = descriptor;

    public int Port { get; } = port;

    public ConnectionState State { get; set; }

    /// <summary>When connect() was known to be complete.</summary>
    public long HandshakeAt { get; set; }

    /// <summary>When its next exchange is due, if the client sends periodic ones.</summary>
    public long NextExchangeAt { get; set; }

    public long RetriedAt { get; set; }

    /// <summary>The number of bytes sent and not yet echoed.</summary>
    public int Unechoed { get; set; }
}
