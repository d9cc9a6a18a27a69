using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Every connection this director knows, its own and its peers'. Sharded by key; each shard has its own lock, so feed and
/// receiver threads meet only on the same shard. Any thread may call any member. Nothing is allocated for a known connection.
/// </summary>
/// <param name="time">The clock of the deadlines.</param>
/// <param name="gate">Where news of this director's own connections goes, under the shard's lock; null on a director that sends nothing.</param>
internal sealed class ConnectionTable(TimeProvider time, WireGate? gate = null)
{
    /// <summary>Connections kept at most; beyond it a new one is answered <see cref="ApplyOutcome.Full"/>.</summary>
    public const int MaxConnections = 1 << 24;

    private const int ShardCount = 64;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard(gate))];

    /// <summary>Connections in the table, those not yet swept included.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>The timeout of <paramref name="entry"/> in seconds; where it carries none, that of its state (spec §6.5, step 4).</summary>
    public static uint TimeoutOf(in ConnectionEntry entry) => entry.Timeout != 0
        ? entry.Timeout
        : ConnectionState.DefaultTimeout(entry.Key.Protocol, entry.State, entry.Key.IsTemplate);

    /// <summary>
    /// Takes over what <paramref name="entry"/> says and starts its timer anew, as a kernel backup does (spec §6.5). One of this
    /// director's own is led to the gate, stored or not.
    /// </summary>
    public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, PersistenceData persistence = default)
        => ShardOf(entry.Key).Apply(entry, origin, persistence, time.Milliseconds());

    /// <summary>The record of <paramref name="key"/>, if there is one.</summary>
    public bool TryGet(in ConnectionKey key, out ConnectionRecord record) => ShardOf(key).TryGet(key, out record);

    /// <summary>A copy of all records, shard after shard: not of one moment while others write.</summary>
    public List<ConnectionRecord> ToList() => [.. _shards.SelectMany(shard => shard.ToList())];

    /// <summary>
    /// Removes what has timed out, and has the gate send what is owed to the peers. Shards are locked one after the other.
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int Sweep()
    {
        LaneLosses losses = gate?.TakeLosses() ?? LaneLosses.None;
        int removed = _shards.Sum(shard => shard.Sweep(losses, time.Milliseconds()));
        gate?.Signal();
        return removed;
    }

    private Shard ShardOf(in ConnectionKey key) => _shards[(int)(key.StableHash() >> 58)];

    private sealed class Shard(WireGate? gate)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<ConnectionKey, ConnectionRecord> _records = [];
        private readonly List<ConnectionKey> _expired = [];

        public int Count
        {
            get
            {
                lock (_lock)
                    return _records.Count;
            }
        }

        public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, PersistenceData persistence, long nowMs)
        {
            lock (_lock)
            {
                ref ConnectionRecord record = ref CollectionsMarshal.GetValueRefOrNullRef(_records, entry.Key);
                if (Unsafe.IsNullRef(ref record))
                    return Create(entry, origin, persistence, nowMs);
                bool same = record.Entry == entry && record.Origin == origin;
                if (record.Origin != origin)
                    record.Wire = default;
                Fill(ref record, entry, origin, nowMs);
                Offer(ref record, persistence, !same, nowMs);
                return same ? ApplyOutcome.Unchanged : ApplyOutcome.Updated;
            }
        }

        public bool TryGet(in ConnectionKey key, out ConnectionRecord record)
        {
            lock (_lock)
                return _records.TryGetValue(key, out record);
        }

        public List<ConnectionRecord> ToList()
        {
            lock (_lock)
                return [.. _records.Values];
        }

        public int Sweep(LaneLosses losses, long nowMs)
        {
            lock (_lock)
            {
                foreach (ConnectionKey key in _records.Keys)
                    Visit(ref CollectionsMarshal.GetValueRefOrNullRef(_records, key), losses, nowMs);
                foreach (ConnectionKey key in _expired)
                    _records.Remove(key);
                int count = _expired.Count;
                _expired.Clear();
                return count;
            }
        }

        private void Visit(ref ConnectionRecord record, LaneLosses losses, long nowMs)
        {
            if (record.DeadlineMs - nowMs <= 0)
                _expired.Add(record.Entry.Key);
            else if (record.Origin == Origin.Local)
                gate?.Settle(ref record, losses, nowMs);
        }

        private ApplyOutcome Create(in ConnectionEntry entry, Origin origin, PersistenceData persistence, long nowMs)
        {
            ConnectionRecord record = default;
            Fill(ref record, entry, origin, nowMs);
            Offer(ref record, persistence, isNews: true, nowMs);
            if (_records.Count >= MaxConnections / ShardCount)
                return ApplyOutcome.Full;
            _records.Add(entry.Key, record);
            return ApplyOutcome.Created;
        }

        private void Fill(ref ConnectionRecord record, in ConnectionEntry entry, Origin origin, long nowMs)
        {
            uint slack = origin == Origin.Local ? gate?.Slack ?? 0 : 0;
            record.Entry = entry;
            record.Origin = origin;
            record.DeadlineMs = nowMs + ((TimeoutOf(entry) + (long)slack) * 1000);
        }

        private void Offer(ref ConnectionRecord record, PersistenceData persistence, bool isNews, long nowMs)
        {
            if (record.Origin == Origin.Local)
                gate?.Offer(ref record, persistence, isNews, nowMs);
        }
    }
}
