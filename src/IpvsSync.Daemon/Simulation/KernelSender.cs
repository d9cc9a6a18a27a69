using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// Simulates how one thread of the kernel's master packs entries into messages and when it sends them (spec §5): a message under
/// construction, a queue of finished messages, and a thread that they wake or that looks once per second. The caller provides the clock, in
/// ticks; time never goes back.
/// </summary>
/// <remarks>
/// The simulated thread empties its queue instantly, so the queue never holds more messages than wake the thread, and none are lost to
/// <c>sync_qlen_max</c> (spec §5.4).
/// </remarks>
internal sealed class KernelSender
{
    private const int WAKEUP_RATE = 8;
    private const int FLUSH_SECONDS = 2;
    private const long Never = long.MaxValue;

    private readonly Queue<(int Size, int Entries)> _finished = new();
    private readonly Action<KernelMessage> _sent;
    private readonly int _maxMessageSize;
    private readonly int _headerSize;
    private readonly long _checkPeriod;
    private readonly long _flushTime;
    private readonly long _sendDelay;

    private int _entries;
    private int _size;
    private long _begunAt;
    private long _pushesAt = Never;
    private long _looksAt;

    /// <summary>Makes a thread that starts to wait at <paramref name="start"/>.</summary>
    /// <param name="start">The time, in ticks.</param>
    /// <param name="ticksPerSecond">The kernel's HZ.</param>
    /// <param name="maxMessageSize"><c>sync_maxlen</c>, in bytes.</param>
    /// <param name="version">The version of the messages.</param>
    /// <param name="sent">Called for each message, in order.</param>
    public KernelSender(long start, long ticksPerSecond, int maxMessageSize, SyncVersion version, Action<KernelMessage> sent)
    {
        _sent = sent;
        _maxMessageSize = maxMessageSize;
        _headerSize = version == SyncVersion.V1 ? 8 : 4;
        _checkPeriod = ticksPerSecond;
        _flushTime = FLUSH_SECONDS * ticksPerSecond;
        _sendDelay = Math.Max(1, ticksPerSecond / 50);
        _looksAt = start + _checkPeriod;
    }

    /// <summary>
    /// Appends an entry of <paramref name="entrySize"/> bytes, options included, padding not, after sending what is due before. An entry
    /// that exceeds the maximum message size gets a message of its own (spec §2.6).
    /// </summary>
    public void Append(long now, int entrySize)
    {
        AdvanceTo(now);
        if (_entries > 0 && Aligned(_size) + entrySize > _maxMessageSize)
            Finish(now);
        if (_entries == 0)
            Begin(now);
        _size = Aligned(_size) + entrySize;
        _entries++;
    }

    /// <summary>Sends what is due by <paramref name="now"/>.</summary>
    public void AdvanceTo(long now)
    {
        for (long next = Math.Min(_looksAt, _pushesAt); next <= now; next = Math.Min(_looksAt, _pushesAt))
            Wake(next);
    }

    private static int Aligned(int size) => (size + 3) & ~3;

    private void Begin(long now)
    {
        _begunAt = now;
        _size = _headerSize;
    }

    private void Finish(long now)
    {
        if (_finished.Count == 0)
            _pushesAt = now + _sendDelay;
        _finished.Enqueue((_size, _entries));
        _entries = 0;
        if (_finished.Count == WAKEUP_RATE)
            Wake(now);
    }

    /// <summary>
    /// The thread sends the finished messages, then a message that has been under construction for too long, and sleeps again.
    /// </summary>
    private void Wake(long now)
    {
        while (_finished.TryDequeue(out (int Size, int Entries) message))
            _sent(new KernelMessage(now, message.Size, message.Entries));
        if (_entries > 0 && now - _begunAt >= _flushTime)
        {
            _sent(new KernelMessage(now, _size, _entries));
            _entries = 0;
        }

        _pushesAt = Never;
        _looksAt = now + _checkPeriod;
    }
}
