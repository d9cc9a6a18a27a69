using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>The memory that all shards share; each takes of it what it needs.</summary>
/// <param name="shards">How many shards.</param>
internal sealed class TableMemory(int shards)
{
    /// <summary>Of the records.</summary>
    public ReservedArray<PackedRecord> Records { get; } = Chunks<PackedRecord>.Reserve(shards, isDense: true);

    /// <summary>Of what does not fit the records.</summary>
    public ReservedArray<WideParts> Wide { get; } = Chunks<WideParts>.Reserve(shards, isDense: false);

    /// <summary>Of persistence data.</summary>
    public ReservedArray<KeptPersistence> Persistence { get; } = Chunks<KeptPersistence>.Reserve(shards, isDense: false);

    /// <summary>Of the indexes.</summary>
    public IndexMemory Index { get; } = new(shards);
}
