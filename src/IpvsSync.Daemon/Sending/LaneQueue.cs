using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Waiting;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The waiting room of one lane: a message under construction and finished messages behind it, as the kernel keeps them (spec §5.2).
/// Entries are encoded straight into the datagram that will carry them. Feed threads append, one sender takes; all members lock.
/// </summary>
/// <remarks>
/// <para>News that finds its lane idle leaves at once: when fewer than <see cref="BusyRate"/> times within the flush interval something
/// has left. In a busy lane a part-filled message waits until that is so again, gathering what arrives meanwhile. What is not urgent
/// waits for company: it leaves with the next news, in a full message, or after <see cref="DeferredMs"/>. A finished message never
/// waits for time.</para>
/// <para>If the lane coalesces, a newer entry takes the place of one of the same connection that still waits, so that only the newest leaves;
/// one of another length on the wire follows it instead.</para>
/// <para>When <c>limit</c> finished messages wait, the next finished one is dropped whole (tail drop, spec §5.4), counted as lost, and
/// noted in the loss window, so that what it carried can be sent again.</para>
/// </remarks>
internal sealed class LaneQueue
{
    /// <summary>Departures within a flush interval that make a lane busy; the kernel wakes its sender at as many messages (spec §5.1).</summary>
    public const int BusyRate = 8;

    /// <summary>Longest wait in milliseconds of what is not urgent: the kernel's for a part-filled message (spec §5.1, FLUSH_TIME).</summary>
    public const int DeferredMs = 2000;

    /// <summary>Room for the largest entry that a kernel can produce, with the header (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    /// <summary>By how much the time at which the table notes an entry as sent may be before that at which it arrives here.</summary>
    private const int LossMarginMs = 1000;

    /// <summary>In the place of a time.</summary>
    private const long AtOnce = long.MinValue;

    /// <summary>Likewise.</summary>
    private const long Never = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly WakeEvent _wake = new();
    private readonly Queue<WaitingMessage> _finished = new();
    private readonly Stack<DatagramBuffer> _spare = new();
    private readonly WaitingEntries _entries = new();
    private readonly StageCounters _counters;
    private readonly TimeProvider _time;
    private readonly long _flushTicks;
    private readonly long[] _departures = new long[BusyRate];
    private LaneQueueOptions _options;
    private WaitingMessage? _current;
    private long _begun;
    private long _left;
    private bool _isUrgent;
    private long _takenSinceMs;
    private long[] _takenBegunMs = new long[BusyRate];
    private LossWindow _losses = LossWindow.None;
    private int _oldestDeparture;
    private bool _completed;
    private long _wakesAt = AtOnce;

    /// <summary>An empty, idle queue on the clock of <paramref name="time"/>.</summary>
    public LaneQueue(LaneQueueOptions options, StageCounters counters, TimeProvider time)
    {
        _options = options;
        _counters = counters;
        _time = time;
        _flushTicks = options.FlushIntervalMs * time.TimestampFrequency / 1000;
        Array.Fill(_departures, time.GetTimestamp() - _flushTicks);
    }

    /// <summary>Whether less than half of the finished messages that may wait do: room for what is sent again.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return _finished.Count <= _options.Limit / 2;
        }
    }

    /// <summary>Finished messages that wait. Any thread may ask.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _finished.Count;
        }
    }

    /// <summary>Finished messages that may wait.</summary>
    public int Limit => _options.Limit;

    /// <summary>
    /// Adds one entry behind all earlier ones, or in the place of an older one of the same connection that still waits. The sender
    /// is not woken: call <see cref="Signal"/> when the entries at hand are in, so that they leave together.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="isUrgent">Whether it is news.</param>
    /// <param name="nowMs">The time on the lane's clock, if the caller knows it: reading a clock may cost a system call.</param>
    /// <returns>Why the entry cannot be carried, or <see cref="Refusal.None"/>.</returns>
    public Refusal Append(in ConnectionEntry entry, PersistenceData persistence, bool isUrgent = true, long? nowMs = null)
    {
        lock (_lock)
        {
            if (_options.Coalesces && _entries.TryReplace(entry, persistence, _left + 1, out long number))
            {
                _isUrgent |= isUrgent && number == _current?.Number;
                _counters.Coalesce();
                return Refusal.None;
            }

            Refusal refusal = Write(entry, persistence, nowMs);
            if (refusal == Refusal.None)
                _isUrgent |= isUrgent;
            return refusal;
        }
    }

    /// <summary>
    /// What follows is made in version <paramref name="version"/>; a message under construction in the other one is finished first
    /// (spec §5.3).
    /// </summary>
    public void ChangeVersion(SyncVersion version)
    {
        lock (_lock)
        {
            if (version == _options.Version)
                return;
            if (_current is not null)
                Finish();
            _options = _options with { Version = version };
        }

        Signal();
    }

    /// <summary>Wakes the sender if there is something for it to do before it would wake by itself.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            if (DueAt() >= _wakesAt)
                return;
            _wakesAt = AtOnce;
        }

        _wake.Set();
    }

    /// <summary>No entry follows. What waits is handed out without delay, then <see cref="Take"/> returns 0.</summary>
    public void Complete()
    {
        lock (_lock)
            _completed = true;
        _wake.Set();
    }

    /// <summary>
    /// Waits until messages are due and hands them out, oldest first. The caller gives them back with <see cref="Return"/>.
    /// </summary>
    /// <returns>How many messages were put into <paramref name="messages"/>; 0 when the queue is complete and empty.</returns>
    public int Take(Span<DatagramBuffer> messages)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                _wakesAt = AtOnce;
                int count = TakeDue(messages, out wait);
                if (count > 0 || (_completed && _current is null))
                    return count;
                _wakesAt = DueAt();
            }

            _wake.Wait(wait);
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
            while (count < messages.Length && _finished.TryDequeue(out WaitingMessage finished))
                HandOut(finished, messages, ref count);
            if (count == 0 && _current is null)
            {
                wait = Timeout.InfiniteTimeSpan;
                return 0;
            }

            long now = _time.GetTimestamp();
            long remaining = CurrentDueAt() - now;
            if (_current is { } current && count < messages.Length && (remaining <= 0 || _completed))
            {
                HandOut(current, messages, ref count);
                _current = null;
                _isUrgent = false;
            }

            if (count > 0)
                NoteDeparture(now);

            wait = _current is null ? Timeout.InfiniteTimeSpan : RoundUpToMs(remaining);
            return count;
        }
    }

    /// <summary>Takes back messages that have been sent, to be filled again.</summary>
    /// <param name="messages">All that were taken last.</param>
    /// <param name="areLost">Whether some of them were lost on the way out.</param>
    public void Return(ReadOnlySpan<DatagramBuffer> messages, bool areLost = false)
    {
        lock (_lock)
        {
            foreach (DatagramBuffer message in messages)
                _spare.Push(message);
            if (areLost)
                NoteLoss(_takenSinceMs);
        }
    }

    /// <summary>When the oldest of the messages that were taken last was begun, in milliseconds on the lane's clock. For the sender.</summary>
    public long TakenSinceMs
    {
        get
        {
            lock (_lock)
                return _takenSinceMs;
        }
    }

    /// <summary>When the first <paramref name="count"/> of the messages that were taken last were begun, on the lane's clock. For the sender.</summary>
    public ReadOnlySpan<long> TakenBegunMs(int count) => _takenBegunMs.AsSpan(0, count);

    /// <summary>The time on the lane's clock.</summary>
    public long NowMs => _time.Milliseconds();

    /// <summary>Notes that some of the entries that were appended since <paramref name="sinceMs"/> are lost.</summary>
    public void Lose(long sinceMs)
    {
        lock (_lock)
            NoteLoss(sinceMs);
    }

    /// <summary>When entries were lost since the last call.</summary>
    public LossWindow TakeLosses()
    {
        lock (_lock)
        {
            LossWindow losses = _losses;
            _losses = LossWindow.None;
            return losses;
        }
    }

    private void HandOut(WaitingMessage message, Span<DatagramBuffer> messages, ref int count)
    {
        if (count == 0)
            _takenSinceMs = message.BegunMs;
        if (_takenBegunMs.Length < messages.Length)
            _takenBegunMs = new long[messages.Length];
        _takenBegunMs[count] = message.BegunMs;
        messages[count++] = message.Message;
        _left = message.Number;
    }

    /// <summary>When something is due, in ticks of the clock.</summary>
    private long DueAt() => _finished.Count > 0 ? AtOnce : _current is null ? Never : CurrentDueAt();

    /// <summary>When the message under construction is due, if there is one.</summary>
    private long CurrentDueAt()
    {
        if (_isUrgent || _current is not { } current)
            return _departures[_oldestDeparture] + _flushTicks;
        return (long)((Int128)(current.BegunMs + DeferredMs) * _time.TimestampFrequency / 1000);
    }

    private Refusal Write(in ConnectionEntry entry, PersistenceData persistence, long? nowMs)
    {
        if (_current is { } current)
        {
            Refusal refusal = Continue(current, entry, persistence, Math.Max(_options.MessageSize, current.Message.Length));
            if (refusal != Refusal.Full)
                return refusal;
            Finish();
        }

        return Begin(entry, persistence, nowMs ?? _time.Milliseconds());
    }

    private Refusal Continue(in WaitingMessage message, in ConnectionEntry entry, PersistenceData persistence, int limit)
    {
        var writer = MessageWriter.Resume(message.Message.Space[..limit]);
        Refusal refusal = writer.TryWrite(entry, persistence);
        message.Message.Length = writer.Length;
        if (refusal == Refusal.None && _options.Coalesces)
        {
            int start = writer.LastEntryStart;
            _entries.Note(entry.Key, new EntryPlace(message.Number, message.Message, start, writer.Length - start), _left + 1);
        }

        return refusal;
    }

    /// <summary>Begins a message with <paramref name="entry"/>, which may be larger than the limit as long as it is alone (spec §2.6).</summary>
    private Refusal Begin(in ConnectionEntry entry, PersistenceData persistence, long nowMs)
    {
        if (!_spare.TryPop(out DatagramBuffer? buffer))
            buffer = new DatagramBuffer(Math.Max(_options.MessageSize, LargestSingle));
        MessageWriter.Start(buffer.Space, _options.Version, _options.SyncId);
        var message = new WaitingMessage(buffer, ++_begun, nowMs);
        Refusal refusal = Continue(message, entry, persistence, buffer.Space.Length);
        if (refusal == Refusal.None)
            _current = message;
        else
            _spare.Push(buffer);
        return refusal;
    }

    private void NoteDeparture(long now)
    {
        _departures[_oldestDeparture] = now;
        _oldestDeparture = (_oldestDeparture + 1) % BusyRate;
    }

    private void NoteLoss(long sinceMs) => _losses = _losses.Join(new LossWindow(sinceMs - LossMarginMs, _time.Milliseconds()));

    private void Finish()
    {
        WaitingMessage message = _current!.Value;
        _current = null;
        _isUrgent = false;
        if (_finished.Count < _options.Limit)
        {
            _finished.Enqueue(message);
            return;
        }

        _counters.Lose(1);
        NoteLoss(message.BegunMs);
        _entries.Forget(message.Message, message.Number);
        _spare.Push(message.Message);
    }

    private TimeSpan RoundUpToMs(long ticks)
        => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency)));

    /// <summary>A message that has not left.</summary>
    /// <param name="Message">Its bytes.</param>
    /// <param name="Number">Its number among all that this lane began.</param>
    /// <param name="BegunMs">When it was begun, on the lane's clock.</param>
    private readonly record struct WaitingMessage(DatagramBuffer Message, long Number, long BegunMs);
}
