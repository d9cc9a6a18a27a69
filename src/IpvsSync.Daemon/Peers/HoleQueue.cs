namespace IpvsSync.Daemon.Peers;

/// <summary>Holes in the order of their times, oldest first. For one thread at a time; allocates only while it grows, up to <see cref="Most"/>.</summary>
internal sealed class HoleQueue
{
    /// <summary>Holes kept apart, 24 bytes each. Beyond them the newest one grows over what lies between.</summary>
    public const int Most = 1 << 13;

    private Hole[] _holes = new Hole[16];
    private int _head;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest, which may be changed in its place. Only if there is one.</summary>
    public ref Hole Oldest => ref _holes[_head];

    /// <summary>Adds one that is due no earlier than all before it.</summary>
    public void Add(in Hole hole)
    {
        if (Count == Most)
        {
            Grow(ref _holes[(_head + Count - 1) & (_holes.Length - 1)], hole);
            return;
        }

        if (Count == _holes.Length)
            Enlarge();
        _holes[(_head + Count) & (_holes.Length - 1)] = hole;
        Count++;
    }

    /// <summary>Removes the oldest.</summary>
    public void Remove()
    {
        _head = (_head + 1) & (_holes.Length - 1);
        Count--;
    }

    /// <summary>Removes all.</summary>
    public void Clear() => (_head, Count) = (0, 0);

    private static void Grow(ref Hole newest, in Hole hole)
    {
        ulong first = Math.Min(newest.First, hole.First);
        ulong end = Math.Max(newest.First + (ulong)newest.Count, hole.First + (ulong)hole.Count);
        newest = newest with { First = first, Count = (int)Math.Min(int.MaxValue, end - first) };
    }

    private void Enlarge()
    {
        var larger = new Hole[_holes.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = _holes[(_head + i) & (_holes.Length - 1)];
        (_holes, _head) = (larger, 0);
    }
}
