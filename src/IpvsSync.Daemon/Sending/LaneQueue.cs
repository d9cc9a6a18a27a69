using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The waiting room of one lane: a message under construction and finished messages behind it, as the kernel keeps them (spec §5.2).
/// Entries are encoded straight into the datagram that will carry them. Feed threads append, one sender takes; all members lock.
/// </summary>
/// <remarks>
/// A record that finds its lane idle leaves at once: when fewer than <see cref="BusyRate"/> times within the flush interval something
/// has left. In a busy lane a part-filled message waits until that is so again, gathering what arrives meanwhile. A finished message
/// never waits for time.
/// When <c>limit</c> finished messages wait, the next finished one is dropped whole (tail drop, spec §5.4) and counted as lost.
/// </remarks>
internal sealed class LaneQueue
{
    /// <summary>Departures within a flush interval that make a lane busy; the kernel wakes its sender at as many messages (spec §5.1).</summary>
    public const int BusyRate = 8;

    /// <summary>Room for the largest entry that a kernel can produce, with the header (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    private readonly object _lock = new();
    private readonly Queue<DatagramBuffer> _finished = new();
    private readonly Stack<DatagramBuffer> _spare = new();
    private readonly LaneQueueOptions _options;
    private readonly StageCounters _counters;
    private readonly TimeProvider _time;
    private readonly long _flushTicks;
    private readonly long[] _departures = new long[BusyRate];
    private DatagramBuffer? _current;
    private int _oldest;
    private bool _completed;

    /// <summary>An empty, idle queue on the clock of <paramref name="time"/>.</summary>
    public LaneQueue(LaneQueueOptions options, StageCounters counters, TimeProvider time)
    {
        _options = options;
        _counters = counters;
        _time = time;
        _flushTicks = options.FlushIntervalMs * time.TimestampFrequency / 1000;
        Array.Fill(_departures, time.GetTimestamp() - _flushTicks);
    }

    /// <summary>
    /// Adds one entry behind all earlier ones. The sender is not woken: call <see cref="Signal"/> when the entries at hand are in,
    /// so that they leave together.
    /// </summary>
    /// <returns>Why the entry cannot be carried, or <see cref="Refusal.None"/>.</returns>
    public Refusal Append(in ConnectionEntry entry, PersistenceData persistence)
    {
        lock (_lock)
        {
            if (_current is not null)
            {
                Refusal refusal = Continue(_current, entry, persistence);
                if (refusal != Refusal.Full)
                    return refusal;
                Finish();
            }

            return Begin(entry, persistence);
        }
    }

    /// <summary>Wakes the sender if there is something for it to do.</summary>
    public void Signal()
    {
        lock (_lock)
            Monitor.Pulse(_lock);
    }

    /// <summary>No entry follows. What waits is handed out without delay, then <see cref="Take"/> returns 0.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Waits until messages are due and hands them out, oldest first. The caller gives them back with <see cref="Return"/>.
    /// </summary>
    /// <returns>How many messages were put into <paramref name="messages"/>; 0 when the queue is complete and empty.</returns>
    public int Take(Span<DatagramBuffer> messages)
    {
        lock (_lock)
        {
            while (true)
            {
                int count = TakeDue(messages, out TimeSpan wait);
                if (count > 0 || (_completed && _current is null))
                    return count;
                Monitor.Wait(_lock, wait);
            }
        }
    }

    /// <summary>Hands out what is due now, without waiting.</summary>
    /// <param name="messages">Takes the messages, oldest first.</param>
    /// <param name="wait">When nothing is due: the time until something is, infinite when nothing waits.</param>
    /// <returns>How many messages were put into <paramref name="messages"/>.</returns>
    public int TakeDue(Span<DatagramBuffer> messages, out TimeSpan wait)
    {
        lock (_lock)
        {
            int count = 0;
            while (count < messages.Length && _finished.TryDequeue(out DatagramBuffer? finished))
                messages[count++] = finished;
            long now = _time.GetTimestamp();
            long remaining = _departures[_oldest] + _flushTicks - now;
            if (_current is not null && count < messages.Length && (remaining <= 0 || _completed))
            {
                messages[count++] = _current;
                _current = null;
            }

            if (count > 0)
                NoteDeparture(now);
            wait = _current is null ? Timeout.InfiniteTimeSpan : RoundUpToMs(remaining);
            return count;
        }
    }

    /// <summary>Takes back messages that have been sent, to be filled again.</summary>
    public void Return(ReadOnlySpan<DatagramBuffer> messages)
    {
        lock (_lock)
        {
            foreach (DatagramBuffer message in messages)
                _spare.Push(message);
        }
    }

    private static Refusal Continue(DatagramBuffer message, in ConnectionEntry entry, PersistenceData persistence, int limit)
    {
        var writer = MessageWriter.Resume(message.Space[..limit]);
        Refusal refusal = writer.TryWrite(entry, persistence);
        message.Length = writer.Length;
        return refusal;
    }

    private Refusal Continue(DatagramBuffer message, in ConnectionEntry entry, PersistenceData persistence)
        => Continue(message, entry, persistence, Math.Max(_options.MessageSize, message.Length));

    /// <summary>Begins a message with <paramref name="entry"/>, which may be larger than the limit as long as it is alone (spec §2.6).</summary>
    private Refusal Begin(in ConnectionEntry entry, PersistenceData persistence)
    {
        if (!_spare.TryPop(out DatagramBuffer? message))
            message = new DatagramBuffer(Math.Max(_options.MessageSize, LargestSingle));
        MessageWriter.Start(message.Space, _options.Version, _options.SyncId);
        Refusal refusal = Continue(message, entry, persistence, message.Space.Length);
        if (refusal == Refusal.None)
            _current = message;
        else
            _spare.Push(message);
        return refusal;
    }

    private void NoteDeparture(long now)
    {
        _departures[_oldest] = now;
        _oldest = (_oldest + 1) % BusyRate;
    }

    private void Finish()
    {
        if (_finished.Count < _options.Limit)
        {
            _finished.Enqueue(_current!);
        }
        else
        {
            _counters.Lose(1);
            _spare.Push(_current!);
        }

        _current = null;
    }

    private TimeSpan RoundUpToMs(long ticks)
        => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency)));
}
