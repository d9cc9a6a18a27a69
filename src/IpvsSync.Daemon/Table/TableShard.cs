using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>A part of the table with its own lock. Any thread may call any member.</summary>
internal sealed class TableShard
{
    private readonly Lock _lock = new();
    private readonly RecordStore _store = new();
    private readonly Wheel _wheel;
    private readonly WireGate? _gate;
    private readonly TableRoom _room;

    /// <summary>An empty shard.</summary>
    /// <param name="gate">Where news of this director's own connections goes, under the lock.</param>
    /// <param name="room">The room that all shards share.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public TableShard(WireGate? gate, TableRoom room, long nowMs)
    {
        _gate = gate;
        _room = room;
        _wheel = new Wheel(_store.Records, nowMs);
    }

    /// <summary>See <see cref="ConnectionTable.Apply"/>. The key is the entry's, taken out of it once.</summary>
    public ApplyOutcome Apply(in ConnectionEntry entry, in ConnectionKey key, ushort hash, Origin origin, PersistenceData persistence, long nowMs)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            if (number == 0)
                return Create(entry, hash, origin, persistence, nowMs);
            ref PackedRecord record = ref _store.Records[number];
            bool same = record.Origin == origin && _store.Says(record, entry);
            if (record.Origin != origin)
                record.Wire = default;
            if (!same)
                _store.Change(ref record, entry);
            record.Origin = origin;
            Renew(ref record, entry, persistence, !same, nowMs);
            _wheel.Hasten(number, ref record, DueMs(record, entry));
            return same ? ApplyOutcome.Unchanged : ApplyOutcome.Updated;
        }
    }

    /// <summary>See <see cref="ConnectionTable.TryGet"/>.</summary>
    public bool TryGet(in ConnectionKey key, ushort hash, out ConnectionRecord record)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            record = number == 0 ? default : Unpack(_store.Records[number]);
            return number != 0;
        }
    }

    /// <summary>Adds copies of all records to <paramref name="list"/>.</summary>
    public void AddTo(List<ConnectionRecord> list)
    {
        lock (_lock)
        {
            for (int number = 1; number <= _store.Records.Highest; number++)
            {
                ref readonly PackedRecord record = ref _store.Records[number];
                if (record.IsLive)
                    list.Add(Unpack(record));
            }
        }
    }

    /// <summary>Removes what has timed out, and has the gate send what is owed.</summary>
    /// <param name="losses">What the lanes lost.</param>
    /// <param name="all">Whether to ask the gate about all records: after losses, and when its settings have changed.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <returns>How many were removed.</returns>
    public int Sweep(LaneLosses losses, bool all, long nowMs)
    {
        lock (_lock)
        {
            if (all)
                SettleAll(losses, nowMs);
            int removed = 0;
            int due = _wheel.Advance(nowMs, out byte bucket);
            for (; due > 0; due--)
                removed += Visit(_wheel.Take(bucket++), nowMs);
            _room.Return(removed);
            return removed;
        }
    }

    private ApplyOutcome Create(in ConnectionEntry entry, ushort hash, Origin origin, PersistenceData persistence, long nowMs)
    {
        if (_store.IsFull || !_room.TryTake())
        {
            PackedRecord passing = new() { Origin = origin };
            Renew(ref passing, entry, persistence, isNews: true, nowMs);
            return ApplyOutcome.Full;
        }

        ushort number = _store.Add(entry, hash);
        ref PackedRecord record = ref _store.Records[number];
        record.Origin = origin;
        Renew(ref record, entry, persistence, isNews: true, nowMs);
        _wheel.Add(number, DueMs(record, entry));
        return ApplyOutcome.Created;
    }

    /// <summary>Starts the timer of <paramref name="record"/> anew, and leads its entry to the gate.</summary>
    private void Renew(ref PackedRecord record, in ConnectionEntry entry, PersistenceData persistence, bool isNews, long nowMs)
    {
        uint slack = record.Origin == Origin.Local ? _gate?.Slack ?? 0 : 0;
        record.DeadlineMs = nowMs + ((ConnectionTable.TimeoutOf(entry) + (long)slack) * 1000);
        if (_gate is null || record.Origin != Origin.Local)
            return;
        ConnectionRecord told = new() { Entry = entry, DeadlineMs = record.DeadlineMs, Origin = Origin.Local, Wire = record.Wire };
        _gate.Offer(ref told, persistence, isNews, nowMs);
        record.Wire = told.Wire;
    }

    private int Visit(ushort first, long nowMs)
    {
        int removed = 0;
        for (ushort number = first; number != 0;)
        {
            ref PackedRecord record = ref _store.Records[number];
            ushort next = record.Next;
            if (record.DeadlineMs - nowMs <= 0)
            {
                _store.Remove(number);
                removed++;
            }
            else
            {
                if (record.IsOwed)
                    Settle(ref record, LaneLosses.None, nowMs);
                _wheel.Add(number, DueMs(record));
            }

            number = next;
        }

        return removed;
    }

    private void SettleAll(LaneLosses losses, long nowMs)
    {
        for (int number = 1; number <= _store.Records.Highest; number++)
        {
            ref PackedRecord record = ref _store.Records[number];
            if (!record.IsLive || record.Origin != Origin.Local || record.DeadlineMs - nowMs <= 0)
                continue;
            Settle(ref record, losses, nowMs);
            _wheel.Hasten((ushort)number, ref record, DueMs(record));
        }
    }

    private void Settle(ref PackedRecord record, LaneLosses losses, long nowMs)
    {
        ConnectionRecord owed = Unpack(record);
        _gate?.Settle(ref owed, losses, nowMs);
        record.Wire = owed.Wire;
    }

    /// <summary>When to look at <paramref name="record"/>: at its end, or when what is owed is due.</summary>
    private long DueMs(in PackedRecord record) => record.IsOwed ? DueMs(record, _store.Entry(record)) : record.DeadlineMs;

    private long DueMs(in PackedRecord record, in ConnectionEntry entry)
        => record.IsOwed && _gate is not null ? Math.Min(record.DeadlineMs, _gate.DueMs(entry, record.Wire)) : record.DeadlineMs;

    private ConnectionRecord Unpack(in PackedRecord record)
        => new() { Entry = _store.Entry(record), DeadlineMs = record.DeadlineMs, Origin = record.Origin, Wire = record.Wire };
}
