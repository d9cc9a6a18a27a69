using System.Numerics;
using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Which records the numbered messages of a lane carried: a ring of messages as long as a peer's window, and a ring of records (4 bytes an
/// entry). For the lane's sender; allocates nothing.
/// </summary>
internal sealed class SentNumbers
{
    private readonly int[] _records;
    private readonly SentNumber[] _messages = new SentNumber[NumberWindow.Size];
    private long _end;
    private ulong _last;

    /// <summary>Nothing is sent.</summary>
    /// <param name="capacity">Records kept, a power of two.</param>
    public SentNumbers(int capacity)
    {
        if (!BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity));
        _records = new int[capacity];
    }

    /// <summary>The number of the last message; 0 before the first. Any thread may ask.</summary>
    public ulong Last => Volatile.Read(ref _last);

    /// <summary>Numbers a message.</summary>
    /// <param name="records">The records of its entries.</param>
    /// <param name="sentMs">The time in milliseconds on the lane's clock.</param>
    /// <returns>Its number.</returns>
    public ulong Note(ReadOnlySpan<int> records, long sentMs)
    {
        ulong number = _last + 1;
        _messages[Place(number)] = new SentNumber((uint)_end, (ushort)records.Length, IsRetold: false, sentMs);
        foreach (int record in records)
            _records[_end++ & (_records.Length - 1)] = record;
        Volatile.Write(ref _last, number);
        return number;
    }

    /// <summary>Numbers a message whose records are not known any more.</summary>
    public ulong NoteUnknown(long sentMs)
    {
        ulong number = Note([], sentMs);
        _messages[Place(number)].Start = (uint)(_end - _records.Length - 1);
        return number;
    }

    /// <summary>Whether the ring of messages reaches back to a number that was given.</summary>
    public bool Reaches(ulong number) => number >= 1 && number <= _last && _last - number < NumberWindow.Size;

    /// <summary>A message that the ring reaches.</summary>
    public ref SentNumber this[ulong number] => ref _messages[Place(number)];

    /// <summary>Whether the ring of records still has those of a message.</summary>
    public bool HasRecords(in SentNumber message) => (uint)_end - message.Start <= (uint)_records.Length;

    /// <summary>A record of a message whose records are kept.</summary>
    public int Record(in SentNumber message, int index) => _records[(message.Start + (uint)index) & (uint)(_records.Length - 1)];

    private static int Place(ulong number) => (int)(number % NumberWindow.Size);
}
