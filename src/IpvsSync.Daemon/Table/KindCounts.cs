namespace IpvsSync.Daemon.Table;

/// <summary>Counts the connections of a shard by origin and kind, at each change. For one thread at a time.</summary>
internal readonly struct KindCounts()
{
    // A shard numbers its records with 16 bits.
    private readonly ushort[] _counts = new ushort[2 * ConnectionKind.Count];

    /// <summary>Counts a record as it is from now on.</summary>
    public void Add(in PackedRecord record) => _counts[IndexOf(record)]++;

    /// <summary>Counts a record no longer as it is. Call it before a change of origin or state.</summary>
    public void Remove(in PackedRecord record) => _counts[IndexOf(record)]--;

    /// <summary>Adds the counts of one origin to <paramref name="sums"/>, which has a slot for each kind.</summary>
    public void AddTo(Span<int> sums, Origin origin)
    {
        int first = (int)origin * ConnectionKind.Count;
        for (int kind = 0; kind < sums.Length; kind++)
            sums[kind] += _counts[first + kind];
    }

    private static int IndexOf(in PackedRecord record)
        => ((int)record.Origin * ConnectionKind.Count) + ConnectionKind.NumberOf(record.Key.Protocol, record.Key.IsTemplate, record.State);
}
