using System.Numerics;
using System.Runtime.CompilerServices;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// The memory of all shards' indexes, in pieces of 2^n slots. A piece that a grown index leaves is reused by the next index that grows to its
/// size. One word names a piece, so that a reader without a lock reads the name whole. Any thread may call any member.
/// </summary>
internal sealed class IndexMemory
{
    /// <summary>Slots that are ready ahead at least.</summary>
    private const int Ahead = 1 << 16;

    /// <summary>An index doubles in one step, but not all do so at once (<see cref="KeyIndex"/>).</summary>
    private const int TakenForOneAhead = 4;

    private readonly Lock _lock = new();
    private readonly ReservedArray<uint> _places;
    private readonly Stack<int>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<int>())];

    /// <summary>Memory for the indexes of <paramref name="shards"/> shards, all as large as they can be.</summary>
    /// <param name="shards">How many.</param>
    /// <param name="scarce">See <see cref="ReservedArray{T}"/>.</param>
    public IndexMemory(int shards, Action? scarce = null) => _places = new ReservedArray<uint>(shards << 18, isDense: true, Ahead, TakenForOneAhead, scarce);

    /// <summary>The slots of a piece.</summary>
    public static int CountOf(ulong piece) => (int)piece;

    /// <summary>Takes a piece, all zero.</summary>
    /// <param name="count">Slots, a power of two.</param>
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

    /// <summary>The slots of a piece; none of piece 0. A piece that was given back can still be read; its content is then anybody's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<uint> Slice(ulong piece) => _places.Slice((int)(piece >> 32), CountOf(piece));

    /// <summary>See <see cref="ReservedArray{T}.Prepare"/>.</summary>
    public void Prepare() => _places.Prepare();
}
