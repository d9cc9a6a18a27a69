namespace IpvsSync.Protocol.Wire;

/// <summary>How much of a datagram is lost with a refusal.</summary>
public enum RefusalScope : byte
{
    /// <summary>This entry. The next one is read, or may be written.</summary>
    Entry,

    /// <summary>This entry and all that follow. Those before it stay valid.</summary>
    RestOfMessage,

    /// <summary>The whole datagram.</summary>
    Message,
}
