using System.Numerics;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>The memory of all shards' indexes, in pieces of 2^n places; what a grown index leaves is for the next that grows to it. Any thread may call any member.</summary>
internal sealed class IndexMemory
{
    private readonly Lock _lock = new();
    private readonly ReservedArray<uint> _places;
    private readonly Stack<int>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<int>())];

    /// <summary>Memory for the indexes of <paramref name="shards"/> shards, all as large as they can be.</summary>
    public IndexMemory(int shards) => _places = new ReservedArray<uint>(shards << 17, isDense: true);

    /// <summary>Takes a piece, all zero.</summary>
    /// <param name="count">Places, a power of two.</param>
    public int Take(int count)
    {
        lock (_lock)
        {
            if (!_free[BitOperations.Log2((uint)count)].TryPop(out int first))
                return _places.Take(count);
            _places.Slice(first, count).Clear();
            return first;
        }
    }

    /// <summary>Gives a piece back.</summary>
    public void Return(int first, int count)
    {
        lock (_lock)
            _free[BitOperations.Log2((uint)count)].Push(first);
    }

    /// <summary>A piece. What it holds after it was given back is anybody's; it can be read all the same.</summary>
    public Span<uint> Slice(int first, int count) => _places.Slice(first, count);
}
