namespace IpvsSync.Protocol;

/// <summary>
/// What a persistence engine keeps with a template (spec §2.3): its name and its key.
/// Both point into a buffer of the caller's and are good only as long as that buffer is not overwritten.
/// </summary>
public readonly ref struct PersistenceData
{
    /// <summary>The longest engine name on the wire, in bytes.</summary>
    public const int MaxEngineLength = 16;

    /// <summary>The longest key on the wire, in bytes.</summary>
    public const int MaxDataLength = 255;

    /// <summary>Points at an engine's name and key; copies nothing.</summary>
    public PersistenceData(ReadOnlySpan<byte> engine, ReadOnlySpan<byte> data)
    {
        Engine = engine;
        Data = data;
    }

    /// <summary>The engine's name, 1 to 16 bytes, without a terminator: <c>sip</c>.</summary>
    public ReadOnlySpan<byte> Engine { get; }

    /// <summary>The engine's key, 1 to 255 opaque bytes; for <c>sip</c> the Call-ID.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether there is no key; a name by itself means nothing (spec §2.3).</summary>
    public bool IsEmpty => Data.IsEmpty;
}
