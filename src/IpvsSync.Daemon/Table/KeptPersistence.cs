using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>The persistence data of a template. Written only under its shard's lock.</summary>
internal struct KeptPersistence
{
    /// <summary>Bytes of the longest persistence data: the longest engine name and the longest data.</summary>
    public const int MaxLength = PersistenceData.MaxEngineLength + PersistenceData.MaxDataLength;

    private Bytes _bytes;
    private byte _engineLength;
    private byte _dataLength;

    /// <summary>The data; it points into this structure.</summary>
    [UnscopedRef]
    public readonly PersistenceData Content
        => new(((ReadOnlySpan<byte>)_bytes)[.._engineLength], ((ReadOnlySpan<byte>)_bytes).Slice(_engineLength, _dataLength));

    /// <summary>Whether it is the same as <paramref name="data"/>.</summary>
    public readonly bool Is(PersistenceData data) => Content.Engine.SequenceEqual(data.Engine) && Content.Data.SequenceEqual(data.Data);

    /// <summary>Keeps a copy of <paramref name="data"/>.</summary>
    public void Update(PersistenceData data)
    {
        _engineLength = (byte)data.Engine.Length;
        _dataLength = (byte)data.Data.Length;
        Copy(data, _bytes);
    }

    /// <summary>Copies <paramref name="data"/> into <paramref name="room"/>.</summary>
    /// <returns>The copy.</returns>
    public static PersistenceData Copy(PersistenceData data, Span<byte> room)
    {
        Span<byte> engine = room[..data.Engine.Length];
        Span<byte> key = room.Slice(engine.Length, data.Data.Length);
        data.Engine.CopyTo(engine);
        data.Data.CopyTo(key);
        return new PersistenceData(engine, key);
    }

    [InlineArray(MaxLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
