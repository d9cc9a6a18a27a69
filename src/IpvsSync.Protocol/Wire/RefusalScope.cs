namespace IpvsSync.Protocol.Wire;

/// <summary>How much of a datagram a refusal takes with it.</summary>
public enum RefusalScope : byte
{
    /// <summary>This entry; the next one is read, or may be written.</summary>
    Entry,

    /// <summary>This entry and all that follow; those before it stay good.</summary>
    RestOfMessage,

    /// <summary>The whole datagram.</summary>
    Message,
}
