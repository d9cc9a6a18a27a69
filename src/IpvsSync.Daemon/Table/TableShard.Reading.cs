using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <content>Copies of records.</content>
internal sealed partial class TableShard
{
    /// <summary>Whether there is a record of <paramref name="key"/>.</summary>
    public bool Contains(in ConnectionKey key, ushort hash)
    {
        lock (_lock)
            return _store.Find(key, hash) != 0;
    }

    /// <summary>Whether there is a record of <paramref name="key"/> whose client port is not known yet.</summary>
    public bool ContainsWithoutClientPort(in ConnectionKey key, ushort hash)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            return number != 0 && _store.Records[number].HasNoClientPort;
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

    /// <summary>See <see cref="ConnectionTable.TryGetWhole"/>.</summary>
    public bool TryGetWhole(in ConnectionKey key, ushort hash, Span<byte> room, out ConnectionRecord record, out PersistenceData persistence)
    {
        lock (_lock)
        {
            ushort number = _store.Find(key, hash);
            record = number == 0 ? default : Unpack(_store.Records[number]);
            persistence = number == 0 ? default : KeptPersistence.Copy(_store.Persistence(_store.Records[number]), room);
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

    /// <summary>Adds the number of connections of each kind to <paramref name="sums"/>.</summary>
    public void AddKinds(Span<int> sums, Origin origin)
    {
        lock (_lock)
            _kinds.AddTo(sums, origin);
    }

    /// <summary>Adds copies of some records to <paramref name="list"/>: of every <paramref name="stride"/>th place, if it is taken.</summary>
    /// <param name="list">The list.</param>
    /// <param name="stride">The distance of two places.</param>
    /// <param name="skip">Places before the first.</param>
    /// <returns>Places to skip in the next shard, so that the distance is the same across shards.</returns>
    public int AddSome(List<ConnectionRecord> list, int stride, int skip)
    {
        lock (_lock)
        {
            int number = 1 + skip;
            for (; number <= _store.Records.Highest; number += stride)
            {
                ref readonly PackedRecord record = ref _store.Records[number];
                if (record.IsLive)
                    list.Add(Unpack(record));
            }

            return number - _store.Records.Highest - 1;
        }
    }

    private ConnectionRecord Unpack(in PackedRecord record)
        => new()
        {
            Entry = _store.Entry(record),
            HasPersistence = !_store.Persistence(record).IsEmpty,
            DeadlineMs = record.DeadlineMs,
            Origin = record.Origin,
            Sent = record.Sent,
        };
}
