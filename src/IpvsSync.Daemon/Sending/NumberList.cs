using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>Numbers for one control message; those that follow each other are one range. For one thread; allocates nothing.</summary>
internal sealed class NumberList
{
    private readonly NumberRange[] _ranges = new NumberRange[NumberRange.MaxRanges];

    /// <summary>How many ranges there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the next number may have no place.</summary>
    public bool IsFull => Count == _ranges.Length;

    /// <summary>The ranges.</summary>
    public ReadOnlySpan<NumberRange> Ranges => _ranges.AsSpan(0, Count);

    /// <summary>Adds a number. Not while <see cref="IsFull"/>.</summary>
    public void Add(ulong number)
    {
        if (Count > 0 && _ranges[Count - 1] is { Count: < ushort.MaxValue } last && number == last.First + last.Count)
            _ranges[Count - 1] = last with { Count = (ushort)(last.Count + 1) };
        else
            _ranges[Count++] = new NumberRange(number, 1);
    }

    /// <summary>Removes all.</summary>
    public void Clear() => Count = 0;
}
