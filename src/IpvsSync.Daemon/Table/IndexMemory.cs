using System.Numerics;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// The memory of all shards' indexes, in pieces of 2^n places; what a grown index leaves is for the next that grows to it. A piece is
/// named by one word, so that who has no lock reads all of it at once. Any thread may call any member.
/// </summary>
internal sealed class IndexMemory
{
    /// <summary>Places that are ready ahead at least.</summary>
    private const int Ahead = 1 << 16;

    /// <summary>A shard's index doubles at once, and all shards do at about the same time.</summary>
    private const int TakenForOneAhead = 1;

    /// <summary>
    /// Places that a connection takes on the way to a table that is full of them: a piece is at most three quarters full, and before it there
    /// were smaller ones, together as large.
    /// </summary>
    private const int PlacesOfGrowth = 4;

    private readonly Lock _lock = new();
    private readonly ReservedArray<uint> _places;
    private readonly Stack<int>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<int>())];

    /// <summary>Memory for the indexes of <paramref name="shards"/> shards, all as large as they can be.</summary>
    /// <param name="shards">How many.</param>
    /// <param name="scarce">See <see cref="ReservedArray{T}"/>.</param>
    public IndexMemory(int shards, Action? scarce = null) => _places = new ReservedArray<uint>(shards << 18, isDense: true, Ahead, TakenForOneAhead, scarce);

    /// <summary>So many connections are to find their places ready.</summary>
    public void Expect(int connections) => _places.Expect(connections * PlacesOfGrowth);

    /// <summary>How many places a piece has.</summary>
    public static int CountOf(ulong piece) => (int)piece;

    /// <summary>Takes a piece, all zero.</summary>
    /// <param name="count">Places, a power of two.</param>
    public ulong Allocate(int count)
    {
        lock (_lock)
        {
            bool isUsed = _free[BitOperations.Log2((uint)count)].TryPop(out int first);
            if (!isUsed)
                first = _places.Allocate(count);
            ulong piece = ((ulong)first << 32) | (uint)count;
            if (isUsed)
                Slice(piece).Clear();
            return piece;
        }
    }

    /// <summary>Gives a piece back.</summary>
    public void Return(ulong piece)
    {
        lock (_lock)
            _free[BitOperations.Log2((uint)piece)].Push((int)(piece >> 32));
    }

    /// <summary>The places of a piece; of 0 none. What they hold after it was given back is anybody's; it can be read all the same.</summary>
    public Span<uint> Slice(ulong piece) => _places.Slice((int)(piece >> 32), CountOf(piece));

    /// <summary>See <see cref="ReservedArray{T}.Prepare"/>.</summary>
    public void Prepare() => _places.Prepare();
}
