using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>What a table without an outlet is meant to do, in the simplest way: a dictionary, searched whole.</summary>
/// <param name="limit">Connections at most.</param>
internal sealed class TableModel(int limit)
{
    private readonly Dictionary<ConnectionKey, ConnectionRecord> _records = [];
    private readonly HashSet<ConnectionKey> _past = [];
    private readonly HashSet<ConnectionKey> _contested = [];
    private readonly LinkDisorder _disorder = new();

    public int Count => _records.Count;

    public int Peers => _records.Values.Count(record => record.Origin == Origin.Peer);

    public IEnumerable<ConnectionRecord> Records => _records.Values;

    public ApplyOutcome Apply(in ConnectionEntry told, Origin origin, long nowMs)
    {
        ConnectionEntry entry = told;
        if (origin == Origin.Peer && entry.Key is { IsTemplate: false, ClientPort: 0 } && !entry.Flags.HasFlag(ConnectionFlags.IP_VS_CONN_F_NO_CPORT))
            return ApplyOutcome.Refused;
        if (origin == Origin.Peer && entry.Key is { IsTemplate: false, ClientPort: 0 } && entry.Key is not { Protocol: IpProtocol.Tcp, VirtualPort: >= 1024 })
            return ApplyOutcome.Swallows;
        ConnectionKey without = entry.Key with { ClientPort = 0 };
        if (origin == Origin.Peer && !entry.Key.IsTemplate && !_records.ContainsKey(entry.Key)
            && _records.TryGetValue(without, out ConnectionRecord nameless) && nameless.Entry.Flags.HasFlag(ConnectionFlags.IP_VS_CONN_F_NO_CPORT))
            entry = entry with { Key = without };
        bool isKnown = _records.TryGetValue(entry.Key, out ConnectionRecord old);
        if (!isKnown && !HasRoom(origin))
            return ApplyOutcome.Full;
        if (isKnown && origin == Origin.Peer)
        {
            long heardMs = HeardMs(old);
            RecordFacts facts = new(
                RecordOrder.Unknown, old.Origin == Origin.Local, _past.Contains(entry.Key), _disorder.IsRecent(nowMs), IsOver: false, nowMs - heardMs);
            PeerVerdict verdict = BackupRules.Judge(old.Entry, entry, facts);
            if (verdict == PeerVerdict.Overtaken)
                _disorder.Note(nowMs);
            if (verdict == PeerVerdict.Contested)
                _contested.Add(entry.Key);
            if (verdict is not (PeerVerdict.Update or PeerVerdict.Replace))
                return ApplyOutcome.Older;
            if (verdict == PeerVerdict.Update && (old.Entry != entry || old.Origin == Origin.Local))
                entry = BackupRules.Merge(old.Entry, entry);
            Note(entry.Key, UpdateRule.HasPast(facts.HasPast, verdict, old.Entry, entry));
        }
        else if (!isKnown || old.Origin != origin)
        {
            Note(entry.Key, hasPast: false);
        }

        if (old.Entry != entry || old.Origin != origin)
            _contested.Remove(entry.Key);
        _records[entry.Key] = new ConnectionRecord { Entry = entry, Origin = origin, DeadlineMs = nowMs + (KernelTimeouts.Default.Of(entry) * 1000L) };
        if (!isKnown)
            return ApplyOutcome.Created;
        return old.Entry == entry && old.Origin == origin ? ApplyOutcome.Unchanged : ApplyOutcome.Updated;
    }

    public bool TryGet(in ConnectionKey key, out ConnectionRecord record) => _records.TryGetValue(key, out record);

    public int Sweep(long nowMs)
    {
        ConnectionKey[] expired = [.. _records.Values.Where(record => record.DeadlineMs <= nowMs).Select(record => record.Entry.Key)];
        foreach (ConnectionKey key in expired)
        {
            _records.Remove(key);
            _contested.Remove(key);
        }

        foreach (ConnectionKey key in _contested.Where(key => nowMs >= HeardMs(_records[key]) + BackupRules.SettledAfterMs).ToArray())
            Settle(key, nowMs);
        return expired.Length;
    }

    private static long HeardMs(in ConnectionRecord record) => record.DeadlineMs - (KernelTimeouts.Default.Of(record.Entry) * 1000L);

    private void Settle(in ConnectionKey key, long nowMs)
    {
        _contested.Remove(key);
        if (_disorder.IsRecent(nowMs))
            return;
        ConnectionEntry reopened = BackupRules.Reopen(_records[key].Entry, KernelTimeouts.Default);
        _past.Remove(key);
        _records[key] = new ConnectionRecord
        {
            Entry = reopened, Origin = Origin.Peer, DeadlineMs = nowMs + (KernelTimeouts.Default.Of(reopened) * 1000L),
        };
    }

    private void Note(in ConnectionKey key, bool hasPast)
    {
        if (hasPast)
            _past.Add(key);
        else
            _past.Remove(key);
    }

    /// <summary>An eighth is for our own, whatever the peers have.</summary>
    private bool HasRoom(Origin origin) => origin == Origin.Peer
        ? Count < limit && Peers < limit - (limit / 8)
        : Count < limit || Count - Peers < limit / 8;
}
