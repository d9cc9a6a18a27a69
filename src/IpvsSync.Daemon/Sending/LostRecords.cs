namespace IpvsSync.Daemon.Sending;

/// <summary>The records of what the lanes lost, read one after the other. For one thread, once.</summary>
/// <param name="lanes">The lanes that lost messages, each with what it lost.</param>
internal sealed class LostRecords(IReadOnlyList<(LaneQueue Queue, IReadOnlyList<LostMessages> Lost)> lanes)
{
    /// <summary>Nothing was lost.</summary>
    public static readonly LostRecords None = new([]);

    private int _lane;
    private int _loss;
    private int _offset;

    /// <summary>
    /// Reads some of them. What later messages have overrun meanwhile goes into its lane's window of time, for the next look.
    /// </summary>
    /// <param name="records">Takes as many as it has room for.</param>
    /// <param name="sentMs">When the last message of theirs was handed out: a record that was sent later needs nothing.</param>
    /// <returns>How many there are; 0 when all are read.</returns>
    public int Read(Span<int> records, out long sentMs)
    {
        sentMs = 0;
        while (_lane < lanes.Count)
        {
            (LaneQueue queue, IReadOnlyList<LostMessages> lost) = lanes[_lane];
            if (_loss == lost.Count)
            {
                (_lane, _loss) = (_lane + 1, 0);
                continue;
            }

            LostMessages messages = lost[_loss];
            sentMs = messages.SentMs;
            int count = queue.CopyLost(messages, _offset, records);
            _offset += count;
            if (count > 0)
                return count;
            (_loss, _offset) = (_loss + 1, 0);
        }

        return 0;
    }
}
