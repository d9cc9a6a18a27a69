using IpvsSync.Linux.Memory;

namespace IpvsSync.Daemon.Table;

/// <summary>The memory that all shards share. Any thread may call any member, except where said.</summary>
internal sealed class TableMemory
{
    /// <summary>Records that are ready ahead at least, so that a burst finds memory.</summary>
    private const int RecordsAhead = 1 << 13;

    /// <summary>A table that grows evenly takes what is ready in the time in which it grew by an eighth.</summary>
    private const int TakenForOneAhead = 8;

    /// <summary>
    /// The most records that are ready from the start, however many are expected: about 20 MB. A table that grows beyond has time to make more
    /// ready.
    /// </summary>
    private const int MostExpected = 1 << 18;

    private readonly object _state = new();
    private bool _isScarce = true;
    private bool _isEnd;

    /// <summary>Reserves memory for <paramref name="shards"/> shards.</summary>
    public TableMemory(int shards)
    {
        // A shard numbers its records with 16 bits.
        int most = shards << 16;
        Index = new IndexMemory(shards, NoteScarce);
        Records = new ReservedArray<PackedRecord>(most, isDense: true, RecordsAhead, TakenForOneAhead, NoteScarce);
        Wide = new ReservedArray<WideParts>(most, isDense: false);
        Persistence = new ReservedArray<KeptPersistence>(most, isDense: false);
    }

    /// <summary>The memory of the records.</summary>
    public ReservedArray<PackedRecord> Records { get; }

    /// <summary>The memory of parts that do not fit the records.</summary>
    public ReservedArray<WideParts> Wide { get; }

    /// <summary>The memory of persistence data.</summary>
    public ReservedArray<KeptPersistence> Persistence { get; }

    /// <summary>The memory of the indexes.</summary>
    public IndexMemory Index { get; }

    /// <summary>Connections that are expected, as far as memory is made ready for them.</summary>
    public int Expected { get; private set; }

    /// <summary>Says how many connections are expected; see <see cref="ConnectionTable.Expect"/>.</summary>
    public void Expect(int connections)
    {
        Expected = Math.Min(connections, MostExpected);
        Records.Expect(Expected);
    }

    /// <summary>Makes memory ready before it is needed, until <see cref="EndReadiness"/>. Run it on a thread of its own.</summary>
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
