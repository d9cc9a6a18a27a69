namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// Numbered slots in chunks: growing copies nothing and leaves less than a chunk unused, where an array that doubles would leave up to half. A plan
/// of a large table has millions of connections, and slots of each for every policy. For one thread at a time.
/// </summary>
internal sealed class Slots<T>
    where T : struct
{
    private const int Bits = 12;
    private const int Size = 1 << Bits;

    private T[][] _chunks = [];

    /// <summary>The number of slots.</summary>
    public int Length => _chunks.Length << Bits;

    /// <summary>A slot below <see cref="Length"/>.</summary>
    public ref T this[int number] => ref _chunks[number >> Bits][number & (Size - 1)];

    /// <summary>Adds slots until this one exists.</summary>
    public void Reach(int number)
    {
        if (number < Length)
            return;
        int first = _chunks.Length;
        Array.Resize(ref _chunks, (number >> Bits) + 1);
        for (int chunk = first; chunk < _chunks.Length; chunk++)
            _chunks[chunk] = new T[Size];
    }
}
