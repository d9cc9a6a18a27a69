using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What a table without a gate is meant to do, in the simplest way: a dictionary, searched whole.</summary>
/// <param name="limit">Connections at most.</param>
internal sealed class TableModel(int limit)
{
    private readonly Dictionary<ConnectionKey, ConnectionRecord> _records = [];

    public int Count => _records.Count;

    public IEnumerable<ConnectionRecord> Records => _records.Values;

    public ApplyOutcome Apply(in ConnectionEntry entry, Origin origin, long nowMs)
    {
        var fresh = new ConnectionRecord { Entry = entry, Origin = origin, DeadlineMs = nowMs + (ConnectionTable.TimeoutOf(entry) * 1000L) };
        bool isKnown = _records.TryGetValue(entry.Key, out ConnectionRecord old);
        if (!isKnown && _records.Count == limit)
            return ApplyOutcome.Full;
        _records[entry.Key] = fresh;
        if (!isKnown)
            return ApplyOutcome.Created;
        return old.Entry == entry && old.Origin == origin ? ApplyOutcome.Unchanged : ApplyOutcome.Updated;
    }

    public bool TryGet(in ConnectionKey key, out ConnectionRecord record) => _records.TryGetValue(key, out record);

    public int Sweep(long nowMs)
    {
        ConnectionKey[] expired = [.. _records.Values.Where(record => record.DeadlineMs <= nowMs).Select(record => record.Entry.Key)];
        foreach (ConnectionKey key in expired)
            _records.Remove(key);
        return expired.Length;
    }
}
