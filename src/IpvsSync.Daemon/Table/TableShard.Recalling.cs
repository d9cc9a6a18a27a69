using IpvsSync.Daemon.Sending;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Table;

/// <content>What is told from the table to a peer that learns.</content>
internal sealed partial class TableShard
{
    /// <summary>See <see cref="IRecordTeller.Recall(ref RecallCursor, RecallRule, ref MessageWriter, Span{int}, ref int)"/>.</summary>
    /// <param name="passed">Records that are passed.</param>
    /// <param name="areTemplates">Whether to tell templates, or connections.</param>
    /// <param name="rule">Which of them.</param>
    /// <param name="writer">Takes the entries.</param>
    /// <param name="records">Takes their records.</param>
    /// <param name="count">How many of these there are.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public bool Recall(ref int passed, bool areTemplates, RecallRule rule, ref MessageWriter writer, Span<int> records, ref int count, long nowMs)
    {
        lock (_lock)
        {
            for (; passed < _store.Records.Highest; passed++)
            {
                ushort number = (ushort)(passed + 1);
                ref readonly PackedRecord record = ref _store.Records[number];
                if (!record.IsLive || record.Key.IsTemplate != areTemplates || !IsToRecall(record, rule))
                    continue;
                if (count == records.Length)
                    return false;
                Retelling outcome = Recall(record, nowMs, ref writer);
                if (outcome == Retelling.Full && count > 0)
                    return false;
                if (outcome == Retelling.Told)
                    records[count++] = Id(number);
            }

            return true;
        }
    }

    /// <summary>Writes a record as it is now, whoever's it is.</summary>
    public Retelling Recall(ushort number, long nowMs, ref MessageWriter writer)
    {
        lock (_lock)
        {
            ref readonly PackedRecord record = ref _store.Records[number];
            return record.IsLive ? Recall(record, nowMs, ref writer) : Retelling.NotNeeded;
        }
    }

    private bool IsToRecall(in PackedRecord record, RecallRule rule)
    {
        bool isOwn = record.Origin == Origin.Local;
        if (isOwn == rule.IsRemembered || (!isOwn && record.Owner != OwnerSums.Nobody && rule.LiveOwners[record.Owner]))
            return false;
        return rule.Lanes == 1 || ((int)_store.StableHash(record) & (rule.Lanes - 1)) == rule.Lane;
    }

    private Retelling Recall(in PackedRecord record, long nowMs, ref MessageWriter writer)
    {
        long leftMs = record.DeadlineMs - nowMs;
        if (leftMs <= 0)
            return Retelling.NotNeeded;
        return writer.TryWrite(Remaining(record, leftMs), _store.Persistence(record)) switch
        {
            Refusal.None => Retelling.Told,
            Refusal.Full => Retelling.Full,
            _ => Retelling.NotNeeded,
        };
    }

    /// <summary>
    /// The entry with what is left of its life. A template keeps its whole timeout: the kernel counts from it anew whenever a client comes back.
    /// </summary>
    private ConnectionEntry Remaining(in PackedRecord record, long leftMs)
    {
        ConnectionEntry entry = _store.Entry(record);
        if (!record.Key.IsTemplate)
            return entry with { Timeout = (uint)((leftMs + 999) / 1000) };
        return record.Origin == Origin.Local && _outlets.ToPeers is { } outlet ? outlet.Outgoing(entry) : entry;
    }
}
