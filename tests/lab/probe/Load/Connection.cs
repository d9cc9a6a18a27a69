namespace IpvsSync.Lab.Load;

/// <summary>Where one client connection stands; the last three are its fate after the failover. Abandoned ones never completed their handshake.</summary>
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

/// <summary>One client connection. Its local port is its name in both directors' tables.</summary>
internal sealed class Connection(int descriptor, int port)
{
    public int Descriptor { get; } = descriptor;

    public int Port { get; } = port;

    public ConnectionState State { get; set; }

    /// <summary>When connect() was known to be complete.</summary>
    public long HandshakeAt { get; set; }

    /// <summary>When its next exchange is due, if the client keeps a rhythm.</summary>
    public long NextExchangeAt { get; set; }

    public long RetriedAt { get; set; }

    /// <summary>Bytes sent and not yet echoed.</summary>
    public int Owed { get; set; }
}
