using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// The queue of one lane: a message under construction and finished messages behind it, as the kernel keeps them (spec §5.2). Feed threads
/// append, one sender takes; every member takes the lock, except where said.
/// </summary>
/// <remarks>
/// <para><see cref="MessageBuilder"/> makes the messages, <see cref="DepartureSchedule"/> says when a part-filled one leaves,
/// <see cref="SenderWake"/> wakes the sender, <see cref="SentHistory"/> and <see cref="LossLog"/> know what is to be sent again. A finished
/// message never waits for time.</para>
/// <para>When <c>limit</c> finished messages wait, the next finished one is dropped whole (tail drop, spec §5.4) and counted as lost.</para>
/// </remarks>
internal sealed class LaneQueue
{
    /// <summary>In place of a time.</summary>
    private const long AtOnce = long.MinValue;

    /// <summary>In place of a time.</summary>
    private const long Never = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly SenderWake _wake = new();
    private readonly Queue<WaitingMessage> _finished = new();
    private readonly SentHistory _history;
    private readonly MessageBuilder _builder;
    private readonly DepartureSchedule _schedule;
    private readonly LossLog _losses = new();
    private readonly StageCounters _counters;
    private readonly TimeProvider _time;
    private readonly LaneExtensions? _extensions;
    private bool _isUrgent;
    private bool _isTaken;
    private long[] _takenBegunMs = new long[FlowConstants.SendBatch];
    private ulong _takenNumber;
    private bool _completed;

    /// <summary>An empty, idle queue on the clock of <paramref name="time"/>.</summary>
    /// <param name="options">How messages are made.</param>
    /// <param name="counters">The stage that is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="extensions">Numbers the messages; null: they are the kernel's, byte for byte.</param>
    public LaneQueue(LaneQueueOptions options, StageCounters counters, TimeProvider time, LaneExtensions? extensions = null)
    {
        (_counters, _time, Limit, _extensions) = (counters, time, options.Limit, extensions);
        extensions?.Attach(Prompt);
        _history = new SentHistory(options.History, options.Expected);
        _builder = new MessageBuilder(options, _history);
        _schedule = new DepartureSchedule(options.FlushIntervalMs, options.BusyDepartures, time.TimestampFrequency, time.GetTimestamp());
    }

    /// <summary>Whether no more than half of the allowed finished messages wait: there is space for entries that are sent again.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return _finished.Count <= Limit / 2;
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

    /// <summary>Whether no message waits, and those that were taken are back: the sender may wait with them for its receiver.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _finished.Count == 0 && _builder.BegunMs is null && !_isTaken;
        }
    }

    /// <summary>Whether something is to be sent again that the next sweep of the table finds.</summary>
    public bool HasLosses
    {
        get
        {
            lock (_lock)
                return !_losses.IsEmpty;
        }
    }

    /// <summary>Finished messages that may wait. Any thread may ask, without the lock.</summary>
    public int Limit { get; }

    /// <summary>The version of the messages that are begun.</summary>
    public SyncVersion Version
    {
        get
        {
            lock (_lock)
                return _builder.Version;
        }
    }

    /// <summary>What the lane says beyond the kernel's protocol; null if nothing.</summary>
    public LaneExtensions? Extensions => _extensions;

    /// <summary>Whether the queue is complete and empty.</summary>
    public bool IsEnded
    {
        get
        {
            lock (_lock)
                return _completed && _finished.Count == 0 && _builder.BegunMs is null;
        }
    }

    /// <summary>
    /// Adds one entry behind all earlier ones, or in the place of an older one of the same connection that still waits. The sender
    /// is not woken: call <see cref="Signal"/> when the entries at hand are in, so that they leave together.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="isUrgent">Whether it is news. News leaves as soon as the lane allows; the rest waits for company.</param>
    /// <param name="nowMs">The time on the lane's clock. The caller gives it: reading a clock may cost a system call.</param>
    /// <param name="record">The caller's number of the connection, handed back if its message is lost; 0 for none.</param>
    /// <param name="place">The caller keeps it with the record, 0 at first: where the lane has put the connection's last entry.</param>
    /// <returns>Why the entry cannot be carried, or <see cref="Refusal.None"/>.</returns>
    public Refusal Append(in ConnectionEntry entry, scoped in PersistenceData persistence, bool isUrgent, long nowMs, int record, ref uint place)
    {
        lock (_lock)
        {
            if (_builder.TryReplace(entry, persistence, record, place, out bool isInCurrent))
            {
                _isUrgent |= isUrgent && isInCurrent;
                _counters.Coalesce();
                return Refusal.None;
            }

            Refusal refusal = _builder.TryAppend(entry, persistence, record, ref place);
            if (refusal == Refusal.Full)
            {
                Finish();
                refusal = _builder.Begin(entry, persistence, record, nowMs, ref place);
            }

            if (refusal == Refusal.None)
                _isUrgent |= isUrgent;
            return refusal;
        }
    }

    /// <summary>
    /// Makes the messages that follow in version <paramref name="version"/>. A message under construction in the other version is finished first
    /// (spec §5.3).
    /// </summary>
    public void ChangeVersion(SyncVersion version)
    {
        lock (_lock)
        {
            if (version == _builder.Version)
                return;
            Finish();
            _builder.Version = version;
        }

        Signal();
    }

    /// <summary>Wakes the sender if there is something for it to do before it would wake by itself.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            if (!_wake.Claim(DueAt()))
                return;
        }

        _wake.Wake();
    }

    /// <summary>Ends the queue: no entry follows. Waiting messages are handed out without delay, then <see cref="Take"/> returns 0.</summary>
    public void Complete()
    {
        lock (_lock)
            _completed = true;
        _wake.Wake();
    }

    /// <summary>
    /// Waits until messages are due, or the lane's extensions have something to say, and hands the messages out, oldest first. The caller gives
    /// them back with <see cref="Return"/>.
    /// </summary>
    /// <returns>How many messages were put into <paramref name="messages"/>; 0 when the queue <see cref="IsEnded"/> too.</returns>
    public int Take(Span<DatagramBuffer> messages)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                _wake.NoteAwake();
                int count = TakeDue(messages, out wait);
                if (count > 0 || (_completed && _builder.BegunMs is null))
                    return count;
                long speaksAt = SpeaksAt(ref wait);
                if (speaksAt == AtOnce)
                    return 0;
                _wake.NoteSleep(Math.Min(DueAt(), speaksAt));
            }

            _wake.Wait(wait);
        }
    }

    /// <summary>Hands out the messages that are due now, without waiting.</summary>
    /// <param name="messages">Takes the messages, oldest first.</param>
    /// <param name="wait">When nothing is due: the time until something is, infinite when nothing waits.</param>
    /// <returns>How many messages were put into <paramref name="messages"/>.</returns>
    public int TakeDue(Span<DatagramBuffer> messages, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = Timeout.InfiniteTimeSpan;
            int count = 0;
            long now = _time.GetTimestamp();
            long nowMs = _time.ToMilliseconds(now);
            bool readsSums = _extensions?.Digest.WantsSums(nowMs) == true;
            if (DueAt() == Never && !readsSums)
                return 0;
            while (count < messages.Length && _finished.TryDequeue(out WaitingMessage finished))
                HandOut(finished, nowMs, messages, ref count);
            long remaining = CurrentDueAt() - now;
            if ((remaining <= 0 || _completed || readsSums) && count < messages.Length && _builder.TryFinish(out WaitingMessage current))
            {
                HandOut(current, nowMs, messages, ref count);
                _isUrgent = false;
            }

            _isTaken |= count > 0;
            if (count > 0)
                _schedule.NoteDeparture(now);
            if (_builder.BegunMs is not null)
                wait = RoundUpToMs(remaining);
            else if (readsSums && _finished.Count == 0)
                _extensions!.Digest.Read(nowMs);
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
            _isTaken = false;
            foreach (DatagramBuffer message in messages)
                _builder.Recycle(message);
            if (!areLost)
                return;
            if (_history.TryFindLast(messages.Length, out LostMessages lost))
                _losses.Note(lost);
            else
                NoteWindow(TakenSinceMs);
        }
    }

    /// <summary>When the oldest of the messages that were taken last was begun, in milliseconds on the lane's clock. For the sender, without the lock.</summary>
    public long TakenSinceMs => _takenBegunMs[0];

    /// <summary>
    /// When the first <paramref name="count"/> of the messages that were taken last were begun, on the lane's clock. For the sender, without the
    /// lock.
    /// </summary>
    public ReadOnlySpan<long> TakenBegunMs(int count) => _takenBegunMs.AsSpan(0, count);

    /// <summary>The time in milliseconds on the lane's clock. Any thread, without the lock.</summary>
    public long NowMs => _time.Milliseconds();

    /// <summary>Notes that some of the messages that were taken and begun since <paramref name="sinceMs"/> are lost.</summary>
    public void Lose(long sinceMs)
    {
        lock (_lock)
        {
            if (!_history.TryFindSince(sinceMs, out LostMessages lost))
                NoteWindow(sinceMs);
            else if (lost.Records.Count > 0)
                _losses.Note(lost);
        }
    }

    /// <summary>
    /// Notes that a message that was handed out at <paramref name="sentMs"/> is lost, whose records nobody knows any more. What waited came long
    /// before that.
    /// </summary>
    public void LoseSent(long sentMs)
    {
        lock (_lock)
        {
            if (!_history.TryFindSent(sentMs, out LossWindow came))
                NoteWindow(long.MinValue / 2);
            else if (!came.IsNone)
                _losses.Note(came with { FromMs = came.FromMs - FlowConstants.LossMarginMs });
        }
    }

    /// <summary>Notes that what this lane would have carried since <paramref name="sinceMs"/> never came here; it is found by its time.</summary>
    public void LoseUnseen(long sinceMs)
    {
        lock (_lock)
            NoteWindow(sinceMs);
    }

    /// <summary>Hands over the losses since the last call.</summary>
    public (LossWindow Window, IReadOnlyList<LostMessages> Messages) TakeLosses()
    {
        lock (_lock)
            return _losses.Take();
    }

    /// <summary>Copies records of lost messages. When later messages have overrun some, the rest is noted as a window of time.</summary>
    /// <param name="lost">The messages.</param>
    /// <param name="offset">How many of their records to pass over.</param>
    /// <param name="records">Takes as many as it has room for.</param>
    /// <returns>How many were copied; 0 at the end.</returns>
    public int CopyLost(LostMessages lost, int offset, Span<int> records)
    {
        lock (_lock)
        {
            if (!_history.TryCopy(lost.Records, offset, records, out int count))
                NoteWindow(lost.BegunMs);
            return count;
        }
    }

    /// <summary>The number of the first of the messages that were taken last; the others have those that follow. For the sender, without the lock.</summary>
    public ulong TakenNumber => _takenNumber;

    private void HandOut(in WaitingMessage message, long nowMs, Span<DatagramBuffer> messages, ref int count)
    {
        if (_takenBegunMs.Length < messages.Length)
            _takenBegunMs = new long[messages.Length];
        _takenBegunMs[count] = message.BegunMs;
        messages[count++] = message.Buffer;
        _history.NoteSent(message.Records, message.BegunMs, nowMs);
        if (_extensions is not null)
            Number(_extensions.Numbers, message.Records, isFirst: count == 1, nowMs);
        _builder.OldestWaiting = message.Number + 1;
    }

    private void Number(SentNumbers numbers, RecordRange records, bool isFirst, long nowMs)
    {
        Span<int> copy = stackalloc int[MessageWriter.MaxCount];
        bool isKept = _history.TryCopy(records, 0, copy, out int count);
        ulong number = isKept ? numbers.Note(copy[..count], nowMs) : numbers.NoteUnknown(nowMs);
        if (isFirst)
            _takenNumber = number;
    }

    /// <summary>When the extensions have something to say, in ticks of the clock, and how long to wait for that or a message.</summary>
    private long SpeaksAt(ref TimeSpan wait)
    {
        if (_extensions is null)
            return Never;
        long now = _time.GetTimestamp();
        long nowMs = _time.ToMilliseconds(now);
        long dueMs = _extensions.DueMs(nowMs);
        if (dueMs <= nowMs)
            return AtOnce;
        if (dueMs == long.MaxValue)
            return Never;
        long speaksAt = _time.ToTimestamp(dueMs);
        TimeSpan left = RoundUpToMs(speaksAt - now);
        if (wait == Timeout.InfiniteTimeSpan || left < wait)
            wait = left;
        return speaksAt;
    }

    /// <summary>Has the sender look at what the extensions have to say.</summary>
    private void Prompt()
    {
        lock (_lock)
        {
            if (!_wake.Claim(AtOnce))
                return;
        }

        _wake.Wake();
    }

    /// <summary>When something is due, in ticks of the clock.</summary>
    private long DueAt() => _finished.Count > 0 ? AtOnce : _builder.BegunMs is null ? Never : CurrentDueAt();

    /// <summary>When the message under construction is due, if there is one.</summary>
    private long CurrentDueAt()
        => _isUrgent || _builder.BegunMs is not { } begunMs ? _schedule.NewsDueAt : _schedule.DeferredDueAt(_time.ToTimestamp(begunMs));

    private void Finish()
    {
        if (!_builder.TryFinish(out WaitingMessage message))
            return;
        _isUrgent = false;
        if (_finished.Count < Limit)
        {
            _finished.Enqueue(message);
            return;
        }

        _counters.Lose(1);
        _losses.Note(new LostMessages(message.Records, message.BegunMs, NowMs));
        _builder.Drop(message);
    }

    private void NoteWindow(long sinceMs) => _losses.Note(new LossWindow(sinceMs - FlowConstants.LossMarginMs, NowMs));

    private TimeSpan RoundUpToMs(long ticks)
        => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency)));
}
