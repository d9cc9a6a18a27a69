using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Gives the ring's records to a receiver, as messages of the kernel's master: what is checked there is checked here. It hands over what is there at
/// once, so that no record waits for another.
/// </summary>
/// <param name="ring">The ring; the receiver disposes it.</param>
/// <param name="syncId">The sync id between us and the kernel.</param>
/// <param name="ticksPerSecond">Of the kernel.</param>
internal sealed class RingReceiver(IFeedRing ring, byte syncId, int ticksPerSecond) : IDatagramReceiver
{
    /// <summary>Bytes of a message: as many entries as one of the longest kind fits, and more of the usual kind.</summary>
    public const int MessageSize = 1400;

    private ulong _handled;
    private volatile bool _isOver;

    /// <summary>
    /// Nothing: what found no room in the ring is not lost, but comes from the kernel's master.
    /// </summary>
    public long Dropped => 0;

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
    {
        while (true)
        {
            // What was handed over before is in the table.
            ulong handled = ring.Position;
            Volatile.Write(ref _handled, handled);
            int filled = Fill(buffers);
            if (filled > 0 || _isOver)
                return filled;
            if (ring.Position == handled)
                ring.Wait(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Waits until all that is in the ring now has been handled, which it has at nearly all times. Any thread but the one that receives.
    /// </summary>
    /// <param name="longest">The longest wait.</param>
    /// <returns>False when the time is over, or nobody receives any more.</returns>
    public bool Settle(TimeSpan longest)
    {
        ulong written = ring.Written;
        if (Volatile.Read(ref _handled) >= written)
            return true;
        long end = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        var spin = default(SpinWait);
        while (!_isOver && Volatile.Read(ref _handled) < written)
        {
            if (Environment.TickCount64 > end)
                return false;
            spin.SpinOnce();
        }

        return !_isOver;
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        if (_isOver)
            return;
        _isOver = true;
        ring.EndWait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        ring.Dispose();
    }

    private int Fill(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int filled = 0;
        foreach (DatagramBuffer buffer in buffers)
        {
            buffer.Length = Fill(buffer.Space);
            ring.Release();
            if (buffer.Length == RingMessage.HeaderSize)
                break;
            filled++;
        }

        return filled;
    }

    private int Fill(Span<byte> message)
    {
        int size = RingMessage.Start(message, syncId);
        while (message.Length - size >= RingMessage.LargestEntry && ring.TryRead(out FeedRecord record))
        {
            // Where the kernel forbids to read persistence data, its master has to tell the connection.
            if (record.PersistenceLength == 0 || record.HasPersistence)
                size = RingMessage.Append(message, size, record, ticksPerSecond);
        }

        return size;
    }
}
