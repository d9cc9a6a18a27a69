using System.Runtime.InteropServices;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// Every connection this director knows, its own and its peers'. Sharded by key; each shard has its own lock, so feed and
/// receiver threads meet only on the same shard. Any thread may call any member. Nothing is allocated for a known connection.
/// </summary>
internal sealed class ConnectionTable(TimeProvider time)
{
    /// <summary>Connections kept at most; beyond it a new one is answered <see cref="ApplyOutcome.Full"/>.</summary>
    public const int MaxConnections = 1 << 24;

    private const int ShardCount = 64;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];

    /// <summary>Connections in the table, those not yet swept included.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>Takes over what <paramref name="entry"/> says and starts its timer anew, as a kernel backup does (spec §6.5).</summary>
    public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin)
    {
        long deadline = NowMs() + (TimeoutOf(entry) * 1000L);
        return ShardOf(entry.Key).Apply(entry, origin, deadline);
    }

    /// <summary>The record of <paramref name="key"/>, if there is one.</summary>
    public bool TryGet(in ConnectionKey key, out ConnectionRecord record) => ShardOf(key).TryGet(key, out record);

    /// <summary>Removes what has timed out; returns how many. Shards are locked one after the other.</summary>
    public int Sweep()
    {
        long now = NowMs();
        return _shards.Sum(shard => shard.Sweep(now));
    }

    /// <summary>The timeout of <paramref name="entry"/> in seconds; where it carries none, that of its state (spec §6.5, step 4).</summary>
    private static uint TimeoutOf(in ConnectionEntry entry) => entry.Timeout != 0
        ? entry.Timeout
        : ConnectionState.DefaultTimeout(entry.Key.Protocol, entry.State, entry.Key.IsTemplate);

    private long NowMs() => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;

    private Shard ShardOf(in ConnectionKey key) => _shards[(int)(key.StableHash() >> 58)];

    private sealed class Shard
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

        public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, long deadline)
        {
            lock (_lock)
            {
                ref ConnectionRecord record = ref CollectionsMarshal.GetValueRefOrNullRef(_records, entry.Key);
                if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref record))
                    return Create(entry, origin, deadline);
                bool same = record.Entry == entry && record.Origin == origin;
                record.Entry = entry;
                record.Origin = origin;
                record.DeadlineMs = deadline;
                return same ? ApplyOutcome.Unchanged : ApplyOutcome.Updated;
            }
        }

        public bool TryGet(in ConnectionKey key, out ConnectionRecord record)
        {
            lock (_lock)
                return _records.TryGetValue(key, out record);
        }

        public int Sweep(long now)
        {
            lock (_lock)
            {
                foreach ((ConnectionKey key, ConnectionRecord record) in _records)
                {
                    if (record.DeadlineMs - now <= 0)
                        _expired.Add(key);
                }

                foreach (ConnectionKey key in _expired)
                    _records.Remove(key);
                int count = _expired.Count;
                _expired.Clear();
                return count;
            }
        }

        private ApplyOutcome Create(in ConnectionEntry entry, Origin origin, long deadline)
        {
            if (_records.Count >= MaxConnections / ShardCount)
                return ApplyOutcome.Full;
            _records.Add(entry.Key, new ConnectionRecord { Entry = entry, Origin = origin, DeadlineMs = deadline });
            return ApplyOutcome.Created;
        }
    }
}
