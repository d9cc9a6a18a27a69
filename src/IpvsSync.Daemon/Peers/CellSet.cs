namespace IpvsSync.Daemon.Peers;

/// <summary>A set of cells; see <see cref="CellSum"/>. For one thread at a time.</summary>
internal sealed class CellSet
{
    private readonly ulong[] _bits = new ulong[CellSum.Cells / 64];

    /// <summary>How many cells are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a cell is in it.</summary>
    public bool Has(int cell) => (_bits[cell >> 6] >> (cell & 63) & 1) != 0;

    /// <summary>Adds a cell.</summary>
    public void Add(int cell)
    {
        if (Has(cell))
            return;
        _bits[cell >> 6] |= 1UL << (cell & 63);
        Count++;
    }

    /// <summary>Takes a cell out.</summary>
    public void Remove(int cell)
    {
        if (!Has(cell))
            return;
        _bits[cell >> 6] &= ~(1UL << (cell & 63));
        Count--;
    }

    /// <summary>Takes all cells out.</summary>
    public void Clear()
    {
        _bits.AsSpan().Clear();
        Count = 0;
    }

    /// <summary>Takes cells out, as many as there is room for.</summary>
    /// <returns>How many.</returns>
    public int Take(Span<ushort> cells)
    {
        int count = 0;
        for (int cell = 0; cell < CellSum.Cells && count < cells.Length && Count > 0; cell++)
        {
            if (!Has(cell))
                continue;
            Remove(cell);
            cells[count++] = (ushort)cell;
        }

        return count;
    }

    /// <summary>Adds all cells of another set.</summary>
    public void Add(CellSet other)
    {
        for (int cell = 0; cell < CellSum.Cells; cell++)
        {
            if (other.Has(cell))
                Add(cell);
        }
    }
}
