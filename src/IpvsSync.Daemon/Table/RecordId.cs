namespace IpvsSync.Daemon.Table;

/// <summary>The number of a record among all shards, as the lanes note it: the shard's index above the 16 bits of the number in the shard. 0 is none.</summary>
internal static class RecordId
{
    private const int NumberBits = 16;

    /// <summary>The id of a record.</summary>
    public static int Of(int shard, ushort number) => (shard << NumberBits) | number;

    /// <summary>The index of its shard.</summary>
    public static int Shard(int id) => id >> NumberBits;

    /// <summary>Its number in the shard.</summary>
    public static ushort Number(int id) => (ushort)id;
}
