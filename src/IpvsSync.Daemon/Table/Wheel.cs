namespace IpvsSync.Daemon.Table;

/// <summary>
/// When to look at which record: buckets of a second, linked through the records. A record may be looked at too early, never too late:
/// who postpones it leaves it where it is. Not for several threads.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="nowMs">The time to begin with.</param>
internal sealed class Wheel(Chunks<PackedRecord> records, long nowMs)
{
    // As many as a byte counts, so that the distance of two buckets is the difference of their numbers.
    private readonly ushort[] _heads = new ushort[256];
    private long _second = nowMs / 1000;

    /// <summary>Adds a record, to be looked at not after <paramref name="dueMs"/>.</summary>
    public void Add(ushort number, long dueMs) => Link(number, ref records[number], Offset(dueMs));

    /// <summary>Sees to it that a record is looked at not after <paramref name="dueMs"/>.</summary>
    public void Hasten(ushort number, ref PackedRecord record, long dueMs)
    {
        byte offset = Offset(dueMs);
        if (offset >= (byte)(record.Bucket - (byte)_second))
            return;
        Unlink(record);
        Link(number, ref record, offset);
    }

    /// <summary>Goes on to <paramref name="nowMs"/>. The second that has begun counts: its bucket comes up again.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="first">The first bucket that is due; the others follow it.</param>
    /// <returns>How many are due.</returns>
    public int Advance(long nowMs, out byte first)
    {
        first = (byte)_second;
        long passed = Math.Max(0, (nowMs / 1000) - _second);
        _second += passed;
        return (int)Math.Min(passed + 1, _heads.Length);
    }

    /// <summary>Empties a bucket.</summary>
    /// <returns>The first of its records; the others follow by <see cref="PackedRecord.Next"/>.</returns>
    public ushort Drain(byte bucket)
    {
        ushort head = _heads[bucket];
        _heads[bucket] = 0;
        return head;
    }

    private byte Offset(long dueMs) => (byte)Math.Clamp((dueMs / 1000) - _second, 0, byte.MaxValue);

    private void Link(ushort number, ref PackedRecord record, byte offset)
    {
        record.Bucket = (byte)(_second + offset);
        ref ushort head = ref _heads[record.Bucket];
        record.Previous = 0;
        record.Next = head;
        if (head != 0)
            records[head].Previous = number;
        head = number;
    }

    private void Unlink(in PackedRecord record)
    {
        if (record.Next != 0)
            records[record.Next].Previous = record.Previous;
        if (record.Previous != 0)
            records[record.Previous].Next = record.Next;
        else
            _heads[record.Bucket] = record.Next;
    }
}
