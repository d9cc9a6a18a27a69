using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Table;

/// <content>What is sent again though nothing has happened.</content>
internal sealed partial class TableShard
{
    /// <summary>See <see cref="ConnectionTable.Repeat"/>.</summary>
    /// <param name="rule">Which records.</param>
    /// <param name="passed">Records that are passed; it grows.</param>
    /// <param name="share">Where to stop: the part of all records, 0 to 1.</param>
    /// <param name="most">How many to send at most.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public RepeatOutcome Repeat(RepeatRule rule, ref int passed, double share, int most, long nowMs)
    {
        lock (_lock)
        {
            (int sent, int known) = (0, 0);
            int until = (int)Math.Ceiling(_store.Records.Highest * share);
            for (; passed < until; passed++)
            {
                ushort number = (ushort)(passed + 1);
                ref PackedRecord record = ref _store.Records[number];
                if (!record.IsLive || record.Origin != Origin.Local || record.DeadlineMs - nowMs <= 0 || !rule.Includes(record))
                    continue;
                SentState state = record.Sent;
                if (state.IsSent && state.SentMs >= rule.SentBeforeMs)
                    known++;
                else if (sent == most || !TryRepeat(number, ref record, nowMs))
                    return new RepeatOutcome(sent, known, IsDone: false);
                else
                    sent++;
            }

            return new RepeatOutcome(sent, known, IsDone: true);
        }
    }

    /// <summary>The record stays in its bucket of the wheel: what becomes due becomes so later than before.</summary>
    private bool TryRepeat(ushort number, ref PackedRecord record, long nowMs)
    {
        SentState state = record.Sent;
        if (_outlets.ToPeers?.TryRepeat(_store.Entry(record), _store.Persistence(record), nowMs, Id(number), ref state, ref record.Place) != true)
            return false;
        record.Sent = state;
        return true;
    }
}
