using System.Runtime.CompilerServices;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// The timing wheel of a shard: buckets of one second, linked through the records. A record may be visited too early, never too late: a later
/// deadline leaves it in its bucket. For one thread at a time. Part of its shard; not to be copied.
/// </summary>
/// <param name="nowMs">The time at the start.</param>
internal struct Wheel(long nowMs)
{
    // One for each value of a byte, so that the distance of two buckets is the difference of their numbers.
    private const int Buckets = 256;

    private long _second = nowMs / 1000;
    private BucketHeads _heads;

    /// <summary>Adds a record, which is visited no later than <paramref name="dueMs"/>.</summary>
    public void Add(in Chunks<PackedRecord> records, ushort number, ref PackedRecord record, long dueMs)
        => Link(records, number, ref record, Offset(dueMs));

    /// <summary>Moves a record to an earlier bucket, if it would be visited later than <paramref name="dueMs"/>.</summary>
    public void Hasten(in Chunks<PackedRecord> records, ushort number, ref PackedRecord record, long dueMs)
    {
        byte offset = Offset(dueMs);
        if (offset >= (byte)(record.Bucket - (byte)_second))
            return;
        Unlink(records, record);
        Link(records, number, ref record, offset);
    }

    /// <summary>Advances to <paramref name="nowMs"/>. The bucket of the second that has begun is due as well, and becomes due again.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="first">The first bucket that is due; the others follow it.</param>
    /// <returns>The number of buckets that are due.</returns>
    public int Advance(long nowMs, out byte first)
    {
        first = (byte)_second;
        long passed = Math.Max(0, (nowMs / 1000) - _second);
        _second += passed;
        return (int)Math.Min(passed + 1, Buckets);
    }

    /// <summary>Empties a bucket.</summary>
    /// <returns>The first of its records; the others follow by <see cref="PackedRecord.Next"/>.</returns>
    public ushort Drain(byte bucket)
    {
        ushort head = _heads[bucket];
        _heads[bucket] = 0;
        return head;
    }

    private readonly byte Offset(long dueMs) => (byte)Math.Clamp((dueMs / 1000) - _second, 0, byte.MaxValue);

    private void Link(in Chunks<PackedRecord> records, ushort number, ref PackedRecord record, byte offset)
    {
        record.Bucket = (byte)(_second + offset);
        ref ushort head = ref _heads[record.Bucket];
        record.Previous = 0;
        record.Next = head;
        if (head != 0)
            records[head].Previous = number;
        head = number;
    }

    private void Unlink(in Chunks<PackedRecord> records, in PackedRecord record)
    {
        if (record.Next != 0)
            records[record.Next].Previous = record.Previous;
        if (record.Previous != 0)
            records[record.Previous].Next = record.Next;
        else
            _heads[record.Bucket] = record.Next;
    }

    [InlineArray(Buckets)]
    private struct BucketHeads
    {
        private ushort _first;
    }
}
