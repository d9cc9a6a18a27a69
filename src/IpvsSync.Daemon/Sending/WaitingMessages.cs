using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The messages of a lane that have not left, found by the position of an entry in the lane's <see cref="SentHistory"/>. Messages are numbered as they
/// are begun and leave in that order. For one thread at a time; allocates only while it grows.
/// </summary>
internal sealed class WaitingMessages
{
    private Waiting[] _ring = new Waiting[64];
    private long _newest;

    /// <summary>The number of the newest message, from 1; 0 if there was none.</summary>
    public long Newest => _newest;

    /// <summary>The number of the oldest message that has not left.</summary>
    public long Oldest { get; set; } = 1;

    /// <summary>Adds a message.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="start">The position of its first entry, which is behind those of the messages before it.</param>
    public void Add(DatagramBuffer message, long start)
    {
        _newest++;
        if (_newest - Oldest >= _ring.Length)
            Grow();
        this[_newest] = new Waiting(message, (uint)start);
    }

    /// <summary>Takes out a message that is dropped. Older ones may still wait.</summary>
    public void Drop(long number) => this[number] = this[number] with { Message = null };

    /// <summary>Finds the message that has the entry at a position.</summary>
    /// <param name="position">The low 32 bits of the position. It is not behind the last entry.</param>
    /// <param name="number">The message's number.</param>
    /// <param name="index">The number of the entry in the message, from 0.</param>
    /// <returns>Its bytes; null if it has left, or was dropped.</returns>
    public DatagramBuffer? Find(uint position, out long number, out int index)
    {
        (number, index) = (Oldest, 0);
        if (_newest < Oldest || Distance(position, Oldest) < 0)
            return null;
        for (long above = _newest + 1; above - number > 1;)
        {
            long middle = number + ((above - number) / 2);
            if (Distance(position, middle) < 0)
                above = middle;
            else
                number = middle;
        }

        index = Distance(position, number);
        return this[number].Message;
    }

    private ref Waiting this[long number] => ref _ring[number & (_ring.Length - 1)];

    private int Distance(uint position, long number) => (int)(position - this[number].Start);

    private void Grow()
    {
        var grown = new Waiting[_ring.Length * 2];
        for (long number = Oldest; number < _newest; number++)
            grown[number & (grown.Length - 1)] = this[number];
        _ring = grown;
    }

    private readonly record struct Waiting(DatagramBuffer? Message, uint Start);
}
