using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Every connection that this director knows, its own and its peers'. The key picks a shard, and each shard has its own lock: feed and receiver
/// threads meet only on the same shard. Any thread may call any member. Nothing is allocated for a known connection. A new one takes the memory
/// of a removed one, or new memory: about 76 bytes for IPv4. Memory is kept for reuse and not given back.
/// </summary>
internal sealed class ConnectionTable : IRecordTeller
{
    /// <summary>The highest limit of connections.</summary>
    public const int MaxConnections = 1 << 24;

    // Enough shards that 16 bits number the records of one.
    private const int ShardBits = 9;

    // Entries whose memory is prefetched together.
    private const int GroupSize = 32;

    private readonly TimeProvider _time;
    private readonly TableOutlets _outlets;
    private readonly TableRoom _room;
    private readonly TableShard[] _shards;
    private readonly TableSweeper _sweeper;
    private int _kernelLimit;

    /// <summary>An empty table.</summary>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="outlets">The outlets, called under the shard's lock; null for none.</param>
    /// <param name="limit">Connections kept at most; for a further one the answer is <see cref="ApplyOutcome.Full"/>.</param>
    /// <param name="sums">Kept up at each change; null if nobody compares them.</param>
    public ConnectionTable(TimeProvider time, TableOutlets? outlets = null, int limit = MaxConnections, OwnerSums? sums = null)
    {
        Sums = sums;
        _time = time;
        _outlets = outlets ?? TableOutlets.None;
        _room = new TableRoom(limit);
        long nowMs = time.Milliseconds();
        var disorder = new LinkDisorder();
        Memory = new TableMemory(1 << ShardBits);
        _shards = [.. Enumerable.Range(0, 1 << ShardBits).Select(index => new TableShard(index, _outlets, _room, disorder, Memory, sums, nowMs))];
        _sweeper = new TableSweeper(_shards, _outlets, time);
    }

    /// <summary>What directors compare to find what one of them lacks; null if nobody does.</summary>
    public OwnerSums? Sums { get; }

    /// <summary>The memory of records and indexes.</summary>
    public TableMemory Memory { get; }

    /// <summary>The time on the table's clock, in milliseconds.</summary>
    public long NowMs => _time.Milliseconds();

    /// <summary>The longest timeout that an entry can mean, in seconds; see <see cref="TimeoutBound"/>.</summary>
    public uint LongestTimeout => _outlets.LongestTimeout;

    /// <summary>Connections in the table, with those that have timed out and are not swept yet.</summary>
    public int Count => _room.Count;

    /// <summary>Those of them whose newest entry came from a peer.</summary>
    public int Peers => _room.Peers;

    /// <summary>Connections at most. A lower limit removes none. The peers' may take seven eighths.</summary>
    public int Limit
    {
        get => _room.Limit;
        set => _room.Limit = value;
    }

    /// <summary>A further bound of the peers' connections.</summary>
    public PeerBound PeerBound
    {
        get => _room.Bound;
        set => _room.Bound = value;
    }

    /// <inheritdoc cref="IRecordTeller.KernelLimit"/>
    public int KernelLimit
    {
        get => Volatile.Read(ref _kernelLimit);
        set => Volatile.Write(ref _kernelLimit, value);
    }

    /// <summary>
    /// Says how many connections are expected, perhaps in one burst. Call it before anything is applied, and before <see cref="TableMemory.KeepReady"/>,
    /// which makes memory for them ready first.
    /// </summary>
    public void Expect(int connections)
    {
        Memory.Expect(connections);
        foreach (TableShard shard in _shards)
            shard.Expect(Memory.Expected >> ShardBits);
    }

    /// <summary>
    /// Applies an entry and restarts the connection's timer. This director's own kernel is always right. A peer's entry is applied by the rules
    /// for a backup (<see cref="UpdateRule"/>, spec §6). News goes to the outlet, whether or not it is stored.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="origin">The sender of the entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="teller">What is known of a peer's message.</param>
    public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, scoped in PersistenceData persistence = default, in Teller teller = default)
    {
        int hash = entry.KeyInPlace.GetHashCode();
        return Admit(entry, hash, guess: 0, origin, persistence, NowMs, teller);
    }

    /// <summary>
    /// Applies many entries without persistence data, in order; see <see cref="Apply"/>. The memory that a group of them needs is prefetched
    /// together, so that the processor waits for memory once a group.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="origin">The sender of the entries.</param>
    /// <param name="outcomes">Takes the outcome of each entry.</param>
    /// <param name="nowMs">The value of <see cref="NowMs"/>, read once for several calls: reading a clock may cost a system call.</param>
    /// <param name="teller">What is known of a peer's message.</param>
    public void ApplyAll(
        ReadOnlySpan<ConnectionEntry> entries, Origin origin, Span<ApplyOutcome> outcomes, long nowMs, in Teller teller = default)
    {
        while (entries.Length > 0)
        {
            int count = Math.Min(entries.Length, GroupSize);
            ApplyGroup(entries[..count], origin, outcomes, nowMs, teller);
            entries = entries[count..];
            outcomes = outcomes[count..];
        }
    }

    /// <summary>
    /// Adds a connection that was found in the kernel's own table, unless it is known. One of this director's own is sent to the peers; one of a
    /// peer's is not sent to the kernel, which has it.
    /// </summary>
    /// <param name="entry">The connection.</param>
    /// <param name="origin">Peer if it came by synchronisation.</param>
    /// <param name="leftMs">Milliseconds until it times out.</param>
    /// <returns>False if it was known, or the table is full.</returns>
    public bool Restore(in ConnectionEntry entry, Origin origin, long leftMs)
    {
        ConnectionKey key = entry.Key;
        int hash = key.GetHashCode();
        return ShardOf(hash).Restore(entry, key, (ushort)hash, origin, leftMs, NowMs);
    }

    /// <summary>The record of <paramref name="key"/>, if there is one.</summary>
    public bool TryGet(in ConnectionKey key, out ConnectionRecord record)
    {
        int hash = key.GetHashCode();
        return ShardOf(hash).TryGet(key, (ushort)hash, out record);
    }

    /// <summary>The record of <paramref name="key"/>, if there is one, and its persistence data.</summary>
    /// <param name="key">The key.</param>
    /// <param name="room">Takes the data: <see cref="KeptPersistence.MaxLength"/> bytes.</param>
    /// <param name="record">The record.</param>
    /// <param name="persistence">The data, in <paramref name="room"/>; empty if there is none.</param>
    public bool TryGetWhole(in ConnectionKey key, Span<byte> room, out ConnectionRecord record, out PersistenceData persistence)
    {
        int hash = key.GetHashCode();
        return ShardOf(hash).TryGetWhole(key, (ushort)hash, room, out record, out persistence);
    }

    /// <summary>A copy of all records, shard after shard. While others write it is not of one moment.</summary>
    public List<ConnectionRecord> ToList()
    {
        List<ConnectionRecord> list = [];
        foreach (TableShard shard in _shards)
            shard.AddTo(list);
        return list;
    }

    /// <summary>Peers' connections that have no real server here.</summary>
    public int Unbound => _room.Unbound;

    /// <summary>Counts unbound connections by what they lack. It visits no connection.</summary>
    public MissingCounts CountMissing(DestinationSnapshot snapshot) => _room.Needs.Count(snapshot);

    /// <summary>The number of connections of each <see cref="ConnectionKind"/>, by its number. It visits no connection.</summary>
    public int[] CountKinds(Origin origin)
    {
        int[] sums = new int[ConnectionKind.All.Count];
        foreach (TableShard shard in _shards)
            shard.AddKinds(sums, origin);
        return sums;
    }

    /// <summary>Copies of about <paramref name="count"/> records from all over the table; of all if there are fewer.</summary>
    public List<ConnectionRecord> Sample(int count)
    {
        List<ConnectionRecord> list = [];
        int stride = 1 + (Count / count);
        int skip = 0;
        foreach (TableShard shard in _shards)
            skip = shard.AddSome(list, stride, skip);
        return list;
    }

    /// <summary>Wakes the senders of the news that came from <paramref name="origin"/>.</summary>
    public void Signal(Origin origin) => _outlets.Of(origin)?.Signal();

    /// <inheritdoc/>
    public Retelling Tell(int record, long lostMs, ref MessageWriter writer)
        => _shards[RecordId.Shard(record)].Tell(RecordId.Number(record), lostMs, NowMs, ref writer);

    /// <inheritdoc/>
    public bool TryCopySums(Span<ulong> sums)
    {
        Sums?.CopyOwn(sums);
        return Sums is not null;
    }

    /// <inheritdoc/>
    public void TellCells(CellSet cells) => _sweeper.TellCells(cells);

    /// <inheritdoc/>
    public (int Own, int Remembered) Counts
    {
        get
        {
            int peers = _room.Peers;
            return (Math.Max(0, _room.Count - peers), peers);
        }
    }

    /// <inheritdoc/>
    public int RecallSteps => 2 * _shards.Length;

    /// <inheritdoc/>
    public bool Recall(ref RecallCursor cursor, RecallRule rule, ref MessageWriter writer, Span<int> records, ref int count)
    {
        TableShard shard = _shards[cursor.Step & (_shards.Length - 1)];
        if (!shard.Recall(ref cursor.Passed, areTemplates: cursor.Step < _shards.Length, rule, ref writer, records, ref count, NowMs))
            return false;
        (cursor.Step, cursor.Passed) = (cursor.Step + 1, 0);
        return true;
    }

    /// <inheritdoc/>
    public Retelling Recall(int record, ref MessageWriter writer)
        => _shards[RecordId.Shard(record)].Recall(RecordId.Number(record), NowMs, ref writer);

    /// <summary>Has the next sweeps look for the real servers of the peers' connections again.</summary>
    public void Rebind() => _sweeper.Rebind();

    /// <summary>
    /// Copies of all records, one shard at a time, in one list that is reused: for walks over large tables. Each shard is locked only while its
    /// records are copied.
    /// </summary>
    public IEnumerable<List<ConnectionRecord>> ByShard()
    {
        List<ConnectionRecord> list = [];
        foreach (TableShard shard in _shards)
        {
            list.Clear();
            shard.AddTo(list);
            yield return list;
        }
    }

    /// <summary>
    /// Removes connections that have timed out, sends pending refreshes that are due, and sends again what lost messages carried. Shards are locked
    /// one after the other. Only records that are due or were lost are visited; every record is visited after a loss that only its time
    /// finds, after changed settings, and for <see cref="Rebind"/>. What takes too long is left to the next sweep (<see cref="TableSweeper"/>).
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int Sweep()
    {
        int removed;
        lock (_sweeper)
            removed = _sweeper.Sweep();
        Signal(Origin.Local);
        Signal(Origin.Peer);
        return removed;
    }

    /// <summary>The parts of the table for <see cref="Repeat"/>, a power of two.</summary>
    public int Parts => _shards.Length;

    /// <summary>
    /// Sends this director's own connections of one part of the table again, from where the last call stopped, as far as the lanes have space. The
    /// senders are not woken: call <see cref="Signal"/>.
    /// </summary>
    /// <param name="part">The number of the part.</param>
    /// <param name="rule">Which connections.</param>
    /// <param name="passed">Records of the part that are passed; 0 at first.</param>
    /// <param name="share">Where to stop: the share of the part's records, 0 to 1.</param>
    /// <param name="most">How many to send at most.</param>
    public RepeatOutcome Repeat(int part, RepeatRule rule, ref int passed, double share = 1, int most = int.MaxValue)
        => _shards[part].Repeat(rule, ref passed, share, most, NowMs);

    private void ApplyGroup(ReadOnlySpan<ConnectionEntry> entries, Origin origin, Span<ApplyOutcome> outcomes, long nowMs, in Teller teller)
    {
        Span<int> hashes = stackalloc int[GroupSize];
        Span<ushort> guesses = stackalloc ushort[GroupSize];
        Prefetch(entries, hashes, guesses);
        PrefetchSums(entries, guesses, origin, teller.Owner);
        for (int i = 0; i < entries.Length; i++)
            outcomes[i] = Admit(entries[i], hashes[i], guesses[i], origin, default, nowMs, teller);
    }

    // Each loop fetches, for all entries, the memory that the next loop reads: so the processor waits for all of it at once.
    private void Prefetch(ReadOnlySpan<ConnectionEntry> entries, Span<int> hashes, Span<ushort> guesses)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            hashes[i] = entries[i].KeyInPlace.GetHashCode();
            ShardOf(hashes[i]).PrefetchIndex((ushort)hashes[i]);
        }

        for (int i = 0; i < entries.Length; i++)
            guesses[i] = ShardOf(hashes[i]).PrefetchRecord((ushort)hashes[i]);
    }

    /// <summary>Of new connections. A change of a sum waits for its memory, whatever else the processor could do meanwhile.</summary>
    private void PrefetchSums(ReadOnlySpan<ConnectionEntry> entries, ReadOnlySpan<ushort> guesses, Origin origin, byte owner)
    {
        if (Sums is not { } sums)
            return;
        for (int i = 0; i < entries.Length; i++)
        {
            if (guesses[i] == 0)
                sums.Prefetch(entries[i].KeyInPlace, owner, origin);
        }
    }

    private ApplyOutcome Admit(in ConnectionEntry entry, int hash, ushort guess, Origin origin, scoped in PersistenceData persistence, long nowMs, in Teller teller)
    {
        ref readonly ConnectionKey key = ref entry.KeyInPlace;
        if (origin == Origin.Peer && !key.IsTemplate)
        {
            if (key.ClientPort == 0 && !entry.Flags.HasFlag(ConnectionFlags.IP_VS_CONN_F_NO_CPORT))
                return ApplyOutcome.Refused;
            if (key.ClientPort == 0 && (!UpdateRule.MayLackClientPort(key) || _outlets.HasServiceAt(key)))
                return ApplyOutcome.Swallows;
            if (_room.WithoutClientPort > 0 && key.ClientPort != 0 && HasWithoutClientPort(key))
                return ApplyWithoutClientPort(entry, origin, nowMs, teller);
            // The kernel keeps persistence data of templates only, and would never find such a connection again.
            return ShardOf(hash).Apply(entry, (ushort)hash, guess, origin, default, nowMs, teller);
        }

        return ShardOf(hash).Apply(entry, (ushort)hash, guess, origin, persistence, nowMs, teller);
    }

    private ApplyOutcome ApplyWithoutClientPort(in ConnectionEntry entry, Origin origin, long nowMs, in Teller teller)
    {
        ConnectionEntry without = entry with { Key = entry.Key with { ClientPort = 0 } };
        int hash = without.KeyInPlace.GetHashCode();
        return ShardOf(hash).Apply(without, (ushort)hash, guess: 0, origin, default, nowMs, teller);
    }

    /// <summary>Whether the connection is known without its client port, and not with it (spec §6.1).</summary>
    private bool HasWithoutClientPort(in ConnectionKey key)
    {
        int hash = key.GetHashCode();
        ConnectionKey without = key with { ClientPort = 0 };
        int other = without.GetHashCode();
        return !ShardOf(hash).Contains(key, (ushort)hash) && ShardOf(other).ContainsWithoutClientPort(without, (ushort)other);
    }

    // By a hash that nobody outside can know: whoever could choose the shard could fill it.
    private TableShard ShardOf(int hash) => _shards[(uint)hash >> (32 - ShardBits)];
}
