using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Numbered places of a shard, from 1 to 65,535, in chunks of 64 that are taken one by one from the table's memory, so that growth moves
/// nothing. Places are reused and not given back. Not for several threads, except where said.
/// </summary>
/// <param name="memory">The memory that all shards share.</param>
internal sealed class Chunks<T>(ReservedArray<T> memory)
    where T : unmanaged
{
    private const int Bits = 6;
    private const int Size = 1 << Bits;

    // Where in the memory each chunk begins.
    private int[] _starts = [];

    /// <summary>The highest number that was ever in use; 0 if none was.</summary>
    public int Highest { get; private set; }

    /// <summary>Memory for the chunks of <paramref name="shards"/> shards, all as large as they can be.</summary>
    /// <param name="shards">How many.</param>
    /// <param name="isDense">Whether nearly every connection takes a place.</param>
    public static ReservedArray<T> Reserve(int shards, bool isDense) => new(shards << 16, isDense);

    /// <summary>The place with this number.</summary>
    public ref T this[int number] => ref memory[_starts[number >> Bits] + (number & (Size - 1))];

    /// <summary>
    /// The place with this number, or any other if there is none: for a look without the lock. Any thread may call it; what it reads may
    /// be half written.
    /// </summary>
    public ref readonly T Glimpse(int number)
    {
        int[] starts = _starts;
        int chunk = number >> Bits;
        return ref memory[(chunk < starts.Length ? starts[chunk] : 0) + (number & (Size - 1))];
    }

    /// <summary>The next number that was never in use.</summary>
    public ushort Next()
    {
        int number = checked((ushort)(Highest + 1));
        if (Highest == 0 || (number & (Size - 1)) == 0)
            Add(number >> Bits);
        Highest = number;
        return (ushort)number;
    }

    private void Add(int chunk)
    {
        if (chunk == _starts.Length)
            Array.Resize(ref _starts, Math.Max(1, chunk * 2));
        _starts[chunk] = memory.Take(Size);
    }
}
