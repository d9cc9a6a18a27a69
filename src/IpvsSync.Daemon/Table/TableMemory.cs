using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>The memory that all shards share; each takes of it what it needs. Any thread may call any member, except where said.</summary>
internal sealed class TableMemory
{
    /// <summary>Records that are ready ahead at least: a burst begins in memory that is there.</summary>
    private const int RecordsAhead = 1 << 13;

    /// <summary>
    /// Records that are ready from the start at most, however many are expected: some 20 MB. A table that grows larger has time to have more
    /// ready while it does.
    /// </summary>
    private const int MostExpected = 1 << 18;

    private readonly object _state = new();
    private bool _isScarce = true;
    private bool _isEnd;

    /// <summary>Memory for <paramref name="shards"/> shards.</summary>
    public TableMemory(int shards)
    {
        // A shard numbers its places with 16 bits.
        int most = shards << 16;
        Index = new IndexMemory(shards, NoteScarce);
        Records = new ReservedArray<PackedRecord>(most, isDense: true, RecordsAhead, scarce: NoteScarce);
        Wide = new ReservedArray<WideParts>(most, isDense: false);
        Persistence = new ReservedArray<KeptPersistence>(most, isDense: false);
    }

    /// <summary>Of the records.</summary>
    public ReservedArray<PackedRecord> Records { get; }

    /// <summary>Of what does not fit the records.</summary>
    public ReservedArray<WideParts> Wide { get; }

    /// <summary>Of persistence data.</summary>
    public ReservedArray<KeptPersistence> Persistence { get; }

    /// <summary>Of the indexes.</summary>
    public IndexMemory Index { get; }

    /// <summary>So many connections are expected, in one burst perhaps. Before <see cref="KeepReady"/>, which has memory for them ready first.</summary>
    public void Expect(int connections)
    {
        int expected = Math.Min(connections, MostExpected);
        Records.Expect(expected);
        Index.Expect(expected);
    }

    /// <summary>Has memory ready before it is needed, until <see cref="EndReadiness"/>. For a thread of its own.</summary>
    public void KeepReady()
    {
        while (WaitUntilScarce())
        {
            Records.Prepare();
            Index.Prepare();
        }
    }

    /// <summary>Ends <see cref="KeepReady"/>.</summary>
    public void EndReadiness() => Note(ref _isEnd);

    private void NoteScarce() => Note(ref _isScarce);

    private void Note(ref bool what)
    {
        lock (_state)
        {
            what = true;
            Monitor.PulseAll(_state);
        }
    }

    private bool WaitUntilScarce()
    {
        lock (_state)
        {
            while (!_isScarce && !_isEnd)
                Monitor.Wait(_state);
            _isScarce = false;
            return !_isEnd;
        }
    }
}
