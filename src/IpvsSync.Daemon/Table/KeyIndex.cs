namespace IpvsSync.Daemon.Table;

/// <summary>
/// Finds the numbers of records by 16 bits of their keys' hashes: linear probing, 4 bytes a place. A place holds the hash beside
/// the number, so that neither growing nor removing reads a record. Not for several threads.
/// </summary>
internal sealed class KeyIndex
{
    /// <summary>Records at most.</summary>
    public const int MaxCount = ushort.MaxValue / 8 * 7;

    // From the low end: number 16, hash 16; 0 is empty.
    private uint[] _places = Allocate(64);
    private int _count;

    /// <summary>Whether no record can be added.</summary>
    public bool IsFull => _count == MaxCount;

    private int Mask => _places.Length - 1;

    /// <summary>The next number with this hash, 0 if there is no other.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="from">Where to go on: the hash to begin with.</param>
    public ushort Next(ushort hash, ref int from)
    {
        uint[] places = _places;
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

    /// <summary>Adds a record.</summary>
    public void Add(ushort hash, ushort number)
    {
        if (++_count > _places.Length / 4 * 3 && _places.Length <= ushort.MaxValue)
            Grow();
        Put(((uint)hash << 16) | number);
    }

    /// <summary>Removes a record, and moves those behind it up to where they are looked for.</summary>
    public void Remove(ushort hash, ushort number)
    {
        int hole = hash & Mask;
        while (_places[hole] != (((uint)hash << 16) | number))
            hole = (hole + 1) & Mask;
        for (int at = (hole + 1) & Mask; _places[at] != 0; at = (at + 1) & Mask)
        {
            int home = (int)(_places[at] >> 16) & Mask;
            if (((at - home) & Mask) < ((at - hole) & Mask))
                continue;
            _places[hole] = _places[at];
            hole = at;
        }

        _places[hole] = 0;
        _count--;
    }

    private static uint[] Allocate(int length) => GC.AllocateArray<uint>(length, pinned: true);

    private void Grow()
    {
        uint[] places = _places;
        _places = Allocate(places.Length * 2);
        foreach (uint place in places)
        {
            if (place != 0)
                Put(place);
        }
    }

    private void Put(uint place)
    {
        int at = (int)(place >> 16) & Mask;
        while (_places[at] != 0)
            at = (at + 1) & Mask;
        _places[at] = place;
    }
}
