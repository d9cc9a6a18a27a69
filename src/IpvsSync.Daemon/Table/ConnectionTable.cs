using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Every connection this director knows, its own and its peers'. Sharded by key; each shard has its own lock, so feed and
/// receiver threads meet only on the same shard. Any thread may call any member. Nothing is allocated for a known connection.
/// A new one takes room that an old one left, or new room: some 76 bytes for IPv4. Room is kept, not given back.
/// </summary>
internal sealed class ConnectionTable
{
    /// <summary>Connections kept at most, where nobody sets a limit.</summary>
    public const int MaxConnections = 1 << 24;

    // So many that 16 bits are enough to number the records of a shard.
    private const int ShardBits = 9;

    private readonly TimeProvider _time;
    private readonly WireGate? _gate;
    private readonly TableRoom _room;
    private readonly TableShard[] _shards;
    private WireRefreshSettings? _sweptWith;

    /// <summary>An empty table.</summary>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="gate">Where news of this director's own connections goes, under the shard's lock; null on a director that sends nothing.</param>
    /// <param name="limit">Connections kept at most; beyond it a new one is answered <see cref="ApplyOutcome.Full"/>.</param>
    public ConnectionTable(TimeProvider time, WireGate? gate = null, int limit = MaxConnections)
    {
        _time = time;
        _gate = gate;
        _room = new TableRoom(limit);
        long nowMs = time.Milliseconds();
        _shards = [.. Enumerable.Range(0, 1 << ShardBits).Select(_ => new TableShard(gate, _room, nowMs))];
        _sweptWith = gate?.Settings;
    }

    /// <summary>Connections in the table, those not yet swept included.</summary>
    public int Count => _room.Taken;

    /// <summary>The timeout of <paramref name="entry"/> in seconds; where it carries none, that of its state (spec §6.5, step 4).</summary>
    public static uint TimeoutOf(in ConnectionEntry entry) => entry.Timeout != 0
        ? entry.Timeout
        : ConnectionState.DefaultTimeout(entry.Key.Protocol, entry.State, entry.Key.IsTemplate);

    /// <summary>
    /// Takes over what <paramref name="entry"/> says and starts its timer anew, as a kernel backup does (spec §6.5). One of this
    /// director's own is led to the gate, stored or not.
    /// </summary>
    public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, PersistenceData persistence = default)
    {
        ConnectionKey key = entry.Key;
        int hash = key.GetHashCode();
        return ShardOf(hash).Apply(entry, key, (ushort)hash, origin, persistence, _time.Milliseconds());
    }

    /// <summary>The record of <paramref name="key"/>, if there is one.</summary>
    public bool TryGet(in ConnectionKey key, out ConnectionRecord record)
    {
        int hash = key.GetHashCode();
        return ShardOf(hash).TryGet(key, (ushort)hash, out record);
    }

    /// <summary>A copy of all records, shard after shard: not of one moment while others write.</summary>
    public List<ConnectionRecord> ToList()
    {
        List<ConnectionRecord> list = [];
        foreach (TableShard shard in _shards)
            shard.AddTo(list);
        return list;
    }

    /// <summary>
    /// Removes what has timed out, and has the gate send what is owed to the peers. Shards are locked one after the other. Visits only what
    /// is due, but everything after losses and when the gate's settings have changed.
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int Sweep()
    {
        LaneLosses losses = _gate?.TakeLosses() ?? LaneLosses.None;
        WireRefreshSettings? settings = _gate?.Settings;
        bool all = !losses.IsNone || Interlocked.Exchange(ref _sweptWith, settings) != settings;
        int removed = 0;
        foreach (TableShard shard in _shards)
            removed += shard.Sweep(losses, all, _time.Milliseconds());
        _gate?.Signal();
        return removed;
    }

    // By a hash that nobody outside can know: who could choose the shard could fill it.
    private TableShard ShardOf(int hash) => _shards[(uint)hash >> (32 - ShardBits)];
}
