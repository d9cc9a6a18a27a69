namespace IpvsSync.Daemon.Options;

/// <summary>Section <c>IpvsSync:Authentication</c>: who may speak to this director. Immutable.</summary>
internal sealed record AuthenticationOptions
{
    /// <summary>Which messages are believed.</summary>
    public AuthenticationMode Mode { get; init; } = AuthenticationMode.Off;

    /// <summary>The keys that are accepted.</summary>
    public KeyList Keys { get; init; } = KeyList.Empty;

    /// <summary>The number of the key that signs; 0 if none is named.</summary>
    public int ActiveKey { get; init; }
}
