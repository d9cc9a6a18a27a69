namespace IpvsSync.Daemon.Table;

/// <summary>
/// Numbered places, from 1 to 65,535, in arrays of 256 that are added one by one, so that growth moves nothing. They lie where the garbage
/// collector neither moves nor searches them. Only the first begins small and grows by copying: a table of many shards and few
/// connections takes little memory. No reference to a place is good across <see cref="Next"/>.
/// Places are reused and not given back. Not for several threads.
/// </summary>
internal sealed class Chunks<T>
    where T : unmanaged
{
    private const int Bits = 8;
    private const int Full = 1 << Bits;
    private const int Smallest = 8;

    private T[][] _chunks = [[]];
    private int _room;

    /// <summary>The highest number that was ever in use; 0 if none was.</summary>
    public int Highest { get; private set; }

    /// <summary>The place with this number.</summary>
    public ref T this[int number] => ref _chunks[number >> Bits][number & (Full - 1)];

    /// <summary>The next number that was never in use.</summary>
    public ushort Next()
    {
        int number = checked((ushort)(Highest + 1));
        if (number >= _room)
            Add();
        Highest = number;
        return (ushort)number;
    }

    private void Add()
    {
        if (_room < Full)
        {
            T[] larger = Allocate(Math.Max(Smallest, _room * 2));
            _chunks[0].CopyTo(larger, 0);
            _chunks[0] = larger;
            _room = larger.Length;
            return;
        }

        int index = _room >> Bits;
        if (index == _chunks.Length)
            Array.Resize(ref _chunks, index * 2);
        _chunks[index] = Allocate(Full);
        _room += Full;
    }

    private static T[] Allocate(int length) => length == Full ? GC.AllocateArray<T>(length, pinned: true) : new T[length];
}
