using System.Runtime.CompilerServices;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Numbered slots of a shard, from 1 to 65,535, in chunks of 64 from the table's memory, so that growth moves nothing. Slots are reused and not given
/// back. For one thread at a time, except where said. Part of its <see cref="RecordStore"/>; not to be copied.
/// </summary>
/// <param name="memory">The memory that all shards share.</param>
/// <param name="index">The memory of the indexes, which also holds where the chunks begin.</param>
internal struct Chunks<T>(ReservedArray<T> memory, IndexMemory index)
    where T : unmanaged
{
    private const int Bits = 6;
    private const int Size = 1 << Bits;
    private const int Smallest = 8;

    // The piece that says where each chunk begins.
    private ulong _starts;
    private int _highest;

    /// <summary>The highest number that was ever in use; 0 if none was.</summary>
    public readonly int Highest => _highest;

    /// <summary>The slot with this number.</summary>
    public readonly ref T this[int number]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref memory[(int)index.Slice(_starts)[number >> Bits] + (number & (Size - 1))];
    }

    /// <summary>Fetches the slot with this number, or any other if there is none. Any thread may call it.</summary>
    public readonly void Prefetch(int number)
    {
        Span<uint> starts = index.Slice(Volatile.Read(in _starts));
        int chunk = number >> Bits;
        CacheLine.Prefetch(ref memory[(chunk < starts.Length ? (int)starts[chunk] : 0) + (number & (Size - 1))]);
    }

    /// <summary>The next number that was never in use.</summary>
    public ushort Next()
    {
        int number = checked((ushort)(_highest + 1));
        if (_highest == 0 || (number & (Size - 1)) == 0)
            Add(number >> Bits);
        _highest = number;
        return (ushort)number;
    }

    private void Add(int chunk)
    {
        if (chunk == IndexMemory.CountOf(_starts))
            Grow(Math.Max(Smallest, chunk * 2));
        index.Slice(_starts)[chunk] = (uint)memory.Allocate(Size);
    }

    /// <summary>The old piece is not given back: it is small, and a reader without the lock may still use it.</summary>
    private void Grow(int count)
    {
        ulong grown = index.Allocate(count);
        index.Slice(_starts).CopyTo(index.Slice(grown));
        Volatile.Write(ref _starts, grown);
    }
}
