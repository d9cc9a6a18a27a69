using System.Numerics;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Which records a lane's messages carried: two rings, one of records (4 bytes an entry), one of messages. So what a lost message carried is
/// found by the message, without a visit to every record. A record is a number that the caller gave with the entry; 0 is none. For one
/// thread at a time; allocates nothing.
/// </summary>
/// <remarks>
/// <code>
/// records   ... | 17 4 901 | 17 33 | 8 8 12 5 | 44 ...      written when an entry is appended
/// messages  ...  start,count,begun,sent  ...                 written when a message is handed out
/// </code>
/// </remarks>
internal sealed class SentHistory
{
    private readonly int[] _records;
    private readonly SentMessage[] _messages;
    private long _end;
    private long _sent;

    /// <summary>An empty history.</summary>
    /// <param name="capacity">Records kept, a power of two of at least 16.</param>
    /// <param name="expected">Entries for which the memory is taken at once.</param>
    public SentHistory(int capacity, int expected = 0)
    {
        if (!BitOperations.IsPow2(capacity) || capacity < FlowConstants.EntriesPerMessageKept)
            throw new ArgumentOutOfRangeException(nameof(capacity));
        _records = new int[capacity];
        _messages = new SentMessage[capacity / FlowConstants.EntriesPerMessageKept];
        // The kernel gives memory when it is written to.
        _records.AsSpan(0, Math.Min(expected, capacity)).Clear();
        _messages.AsSpan(0, Math.Min(expected, capacity) / FlowConstants.EntriesPerMessageKept).Clear();
    }

    /// <summary>The position behind the last record.</summary>
    public long End => _end;

    /// <summary>Records that one of <paramref name="lanes"/> lanes keeps; a power of two, as the number of lanes is.</summary>
    public static int CapacityFor(int lanes) => Math.Max(FlowConstants.LeastHistory, FlowConstants.HistoryEntries / lanes);

    /// <summary>Notes the record of the entry that was appended.</summary>
    public void Append(int record) => _records[_end++ & (_records.Length - 1)] = record;

    /// <summary>Whether the entry at a position is of this record, and not overrun.</summary>
    /// <param name="position">The low 32 bits of the position.</param>
    /// <param name="record">The record.</param>
    public bool Has(uint position, int record)
        => (uint)_end - position - 1 < (uint)_records.Length && _records[position & (_records.Length - 1)] == record;

    /// <summary>Notes a message that was handed out.</summary>
    /// <param name="records">The records of its entries.</param>
    /// <param name="begunMs">When it was begun, in milliseconds on the lane's clock.</param>
    /// <param name="sentMs">The time on the same clock.</param>
    public void NoteSent(RecordRange records, long begunMs, long sentMs)
        => _messages[_sent++ & (_messages.Length - 1)] = new SentMessage(records, begunMs, sentMs);

    /// <summary>The last <paramref name="count"/> messages that were handed out, as one loss.</summary>
    /// <returns>False when the ring of messages does not reach back so far.</returns>
    public bool TryFindLast(int count, out LostMessages lost)
    {
        lost = default;
        return count <= Math.Min(_sent, _messages.Length) && TryFind(count, out lost);
    }

    /// <summary>The messages that were handed out and begun at or after <paramref name="begunMs"/>, as one loss.</summary>
    /// <returns>False when the ring of messages does not reach back so far. A loss without records when there is no such message.</returns>
    public bool TryFindSince(long begunMs, out LostMessages lost)
    {
        lost = default;
        int kept = (int)Math.Min(_sent, _messages.Length);
        int count = 0;
        while (count < kept && Message(count).BegunMs >= begunMs)
            count++;
        if (count == kept && _sent > kept)
            return false;
        return count == 0 || TryFind(count, out lost);
    }

    /// <summary>When the entries came that left in the messages that were handed out at a time; <see cref="LossWindow.None"/> if there were none.</summary>
    /// <param name="sentMs">The time, on the lane's clock.</param>
    /// <param name="came">The window.</param>
    /// <returns>False when the ring of messages does not reach back so far.</returns>
    public bool TryFindSent(long sentMs, out LossWindow came)
    {
        came = LossWindow.None;
        int kept = (int)Math.Min(_sent, _messages.Length);
        for (int back = 0; back < kept; back++)
        {
            SentMessage message = Message(back);
            if (message.SentMs < sentMs)
                return true;
            if (message.SentMs == sentMs)
                came = came.Join(new LossWindow(message.BegunMs, back == 0 ? sentMs : Message(back - 1).BegunMs));
        }

        return _sent == kept;
    }

    /// <summary>Copies records out, from <paramref name="offset"/> on.</summary>
    /// <param name="records">The records.</param>
    /// <param name="offset">How many of them to pass over.</param>
    /// <param name="copy">Takes as many as it has room for.</param>
    /// <param name="count">How many were copied.</param>
    /// <returns>False when some are overrun by later ones.</returns>
    public bool TryCopy(RecordRange records, int offset, Span<int> copy, out int count)
    {
        count = 0;
        long from = records.Start + offset;
        if (_end - from > _records.Length)
            return false;
        count = Math.Min(records.Count - offset, copy.Length);
        for (int i = 0; i < count; i++)
            copy[i] = _records[(from + i) & (_records.Length - 1)];
        return true;
    }

    private bool TryFind(int count, out LostMessages lost)
    {
        SentMessage first = Message(count - 1);
        SentMessage last = Message(0);
        long records = last.Records.Start + last.Records.Count - first.Records.Start;
        lost = new LostMessages(new RecordRange(first.Records.Start, (int)Math.Min(records, _records.Length)), first.BegunMs, last.SentMs);
        return records <= _records.Length;
    }

    /// <summary>The message that was handed out <paramref name="back"/> messages before the last one.</summary>
    private ref readonly SentMessage Message(int back) => ref _messages[(_sent - 1 - back) & (_messages.Length - 1)];

    private readonly record struct SentMessage(RecordRange Records, long BegunMs, long SentMs);
}
