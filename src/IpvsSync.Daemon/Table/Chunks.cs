namespace IpvsSync.Daemon.Table;

/// <summary>
/// Numbered places, from 1 to 65,535, in arrays of 256 that are added one by one, so that growth moves nothing. The arrays lie where the garbage
/// collector neither moves nor searches them. Places are reused and not given back. Not for several threads.
/// </summary>
internal sealed class Chunks<T>
    where T : unmanaged
{
    private const int Bits = 8;

    private T[][] _chunks = [];
    private int _chunkCount;

    /// <summary>The highest number that was ever in use; 0 if none was.</summary>
    public int Highest { get; private set; }

    /// <summary>The place with this number.</summary>
    public ref T this[int number] => ref _chunks[number >> Bits][number & ((1 << Bits) - 1)];

    /// <summary>The next number that was never in use.</summary>
    public ushort Next()
    {
        int number = checked((ushort)(Highest + 1));
        if (number >> Bits == _chunkCount)
            Add();
        Highest = number;
        return (ushort)number;
    }

    private void Add()
    {
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, Math.Max(1, _chunkCount * 2));
        _chunks[_chunkCount++] = GC.AllocateArray<T>(1 << Bits, pinned: true);
    }
}
