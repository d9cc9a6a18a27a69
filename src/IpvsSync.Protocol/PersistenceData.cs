namespace IpvsSync.Protocol;

/// <summary>
/// The data that a persistence engine attaches to a template (spec §2.3): the engine's name and its key. Both refer to a buffer that the
/// caller owns, and are valid only until that buffer is overwritten.
/// </summary>
public readonly ref struct PersistenceData
{
    /// <summary>The longest engine name on the wire, in bytes.</summary>
    public const int MaxEngineLength = 16;

    /// <summary>The longest key on the wire, in bytes.</summary>
    public const int MaxDataLength = 255;

    /// <summary>Refers to an engine's name and key without a copy.</summary>
    public PersistenceData(ReadOnlySpan<byte> engine, ReadOnlySpan<byte> data)
    {
        Engine = engine;
        Data = data;
    }

    /// <summary>The engine's name, 1 to 16 bytes, without a terminator: <c>sip</c>.</summary>
    public ReadOnlySpan<byte> Engine { get; }

    /// <summary>The engine's key, 1 to 255 opaque bytes; for <c>sip</c> the Call-ID.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether there is no key. A name without a key has no meaning (spec §2.3).</summary>
    public bool IsEmpty => Data.IsEmpty;
}
