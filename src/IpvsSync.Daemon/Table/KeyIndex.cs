using System.Numerics;
using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Finds the numbers of records by 16 bits of their keys' hashes: linear probing, 4 bytes a slot. A slot holds the hash beside the number, so
/// that neither growing nor removing reads a record. For one thread at a time, except where said. Part of its <see cref="RecordStore"/>; not to be copied.
/// </summary>
internal struct KeyIndex
{
    /// <summary>Records at most.</summary>
    public const int MaxCount = ushort.MaxValue / 8 * 7;

    private const int Smallest = 64;
    private const int GuessSteps = 16;

    private readonly IndexMemory _memory;
    private readonly int _most;

    private ulong _piece;
    private int _count;

    /// <summary>An empty index.</summary>
    /// <param name="memory">The memory of all shards' indexes.</param>
    /// <param name="shard">
    /// The shard's number, below 512. An index doubles when it is between 40 and 52 64ths full, which depends on this number: so that not all of them need
    /// memory at once.
    /// </param>
    public KeyIndex(IndexMemory memory, int shard)
    {
        (_memory, _most) = (memory, 40 + (shard * 13 / 512));
        Allocate(Smallest);
    }

    /// <summary>Whether no record can be added.</summary>
    public readonly bool IsFull => _count == MaxCount;

    /// <summary>Makes the index, which is empty, as large as this many records need, and some: keys do not spread evenly over the shards.</summary>
    public void Expect(int count)
    {
        int most = Math.Min(MaxCount, count + (3 * (int)Math.Sqrt(count)));
        int places = (int)BitOperations.RoundUpToPowerOf2((uint)(most * 64 / _most));
        if (places <= Places.Length)
            return;
        _memory.Return(_piece);
        Allocate(places);
    }

    // A slot, from the low end: number 16, hash 16; 0 is empty.
    private readonly Span<uint> Places => _memory.Slice(Volatile.Read(in _piece));

    /// <summary>The next number with this hash, 0 if there is no other.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="from">Where to continue; the hash at first.</param>
    public readonly ushort Next(ushort hash, ref int from)
    {
        Span<uint> places = Places;
        int mask = places.Length - 1;
        for (int at = from & mask; places[at] != 0; at = (at + 1) & mask)
        {
            if (places[at] >> 16 != hash)
                continue;
            from = at + 1;
            return (ushort)places[at];
        }

        return 0;
    }

    /// <summary>Fetches the slot where the search for <paramref name="hash"/> begins. Any thread may call it.</summary>
    public readonly void Prefetch(ushort hash)
    {
        Span<uint> places = Places;
        CacheLine.Prefetch(ref places[hash & (places.Length - 1)]);
    }

    /// <summary>
    /// A number with this hash, read without the lock: another thread may hide it meanwhile, or put another number in its slot. 0 if there is none
    /// near. Any thread may ask.
    /// </summary>
    public readonly ushort GuessNumber(ushort hash)
    {
        Span<uint> places = Places;
        int mask = places.Length - 1;
        for (int step = 0; step < GuessSteps; step++)
        {
            uint place = places[(hash + step) & mask];
            if (place >> 16 == hash || place == 0)
                return (ushort)place;
        }

        return 0;
    }

    /// <summary>Adds a record.</summary>
    public void Add(ushort hash, ushort number)
    {
        int room = Places.Length;
        if (_count + 1 > room / 64 * _most && room <= ushort.MaxValue)
            Grow();
        _count++;
        Put(Places, ((uint)hash << 16) | number);
    }

    /// <summary>Removes a record, and moves those behind it up to where the search finds them.</summary>
    public void Remove(ushort hash, ushort number)
    {
        Span<uint> places = Places;
        int mask = places.Length - 1;
        int hole = hash & mask;
        while (places[hole] != (((uint)hash << 16) | number))
            hole = (hole + 1) & mask;
        for (int at = (hole + 1) & mask; places[at] != 0; at = (at + 1) & mask)
        {
            int home = (int)(places[at] >> 16) & mask;
            if (((at - home) & mask) < ((at - hole) & mask))
                continue;
            places[hole] = places[at];
            hole = at;
        }

        places[hole] = 0;
        _count--;
    }

    private static void Put(Span<uint> places, uint place)
    {
        int mask = places.Length - 1;
        int at = (int)(place >> 16) & mask;
        while (places[at] != 0)
            at = (at + 1) & mask;
        places[at] = place;
    }

    private void Grow()
    {
        ulong old = _piece;
        Span<uint> places = Places;
        Allocate(places.Length * 2);
        foreach (uint place in places)
        {
            if (place != 0)
                Put(Places, place);
        }

        _memory.Return(old);
    }

    private void Allocate(int count) => Volatile.Write(ref _piece, _memory.Allocate(count));
}
