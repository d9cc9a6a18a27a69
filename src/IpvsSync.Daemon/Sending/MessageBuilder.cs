using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Builds the messages of one lane. Entries are encoded straight into the datagram that will carry them. If the lane coalesces, a newer entry
/// takes the place of a waiting one of the same connection and of the same length on the wire. For one thread at a time; allocates only
/// while the lane grows.
/// </summary>
internal sealed class MessageBuilder
{
    /// <summary>The largest message of a single entry that a kernel can produce, in bytes (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    /// <summary>Places of entries without a record that are kept before void ones are removed.</summary>
    private const int SmallestPruned = 1024;

    /// <summary>Of the expected connections, one of so many may wait in messages at the same time, where a burst meets a slow receiver.</summary>
    private const int ExpectedForOneWaiting = 8;

    /// <summary>Bytes of the smallest entry of IPv4, in version 1.</summary>
    private const int SmallestEntry = 36;

    private readonly LaneQueueOptions _options;
    private readonly SentHistory _history;
    private readonly Stack<DatagramBuffer> _spare = new();
    private readonly WaitingMessages _waiting = new();

    // The last places of entries without a record.
    private readonly Dictionary<ConnectionKey, uint> _withoutRecord = [];
    private int _pruneAt = SmallestPruned;
    private SyncVersion _version;
    private WaitingMessage _current;
    private bool _hasCurrent;
    private long _begunMs = long.MinValue;

    /// <summary>A builder without a message.</summary>
    /// <param name="options">How messages are made.</param>
    /// <param name="history">Notes the record of each entry.</param>
    public MessageBuilder(LaneQueueOptions options, SentHistory history)
    {
        (_options, _history, _version) = (options, history, options.Version);
        for (int bytes = options.Expected / ExpectedForOneWaiting * SmallestEntry; bytes > 0; bytes -= _spare.Peek().Space.Length)
        {
            _spare.Push(NewBuffer());
            // The kernel gives memory when it is written to.
            _spare.Peek().Space.Clear();
        }
    }

    /// <summary>The protocol version of the messages that are begun.</summary>
    public SyncVersion Version
    {
        get => _version;
        set => _version = value;
    }

    /// <summary>When the message under construction was begun, in milliseconds on the lane's clock; null if there is none.</summary>
    public long? BegunMs => _hasCurrent ? _current.BegunMs : null;

    /// <summary>The number of the oldest message that has not left. Entries of older messages are not replaced.</summary>
    public long OldestWaiting
    {
        set => _waiting.Oldest = value;
    }

    /// <summary>Writes an entry over the waiting one of its connection, if the lane coalesces and there is one of the same length.</summary>
    /// <param name="entry">The newer entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="record">Its record; 0 for none. What waits for another connection that had this record before is not replaced.</param>
    /// <param name="place">Where the last entry of this record was appended, 0 for nowhere; not used without a record.</param>
    /// <param name="isInCurrent">Whether it lies in the message under construction.</param>
    public bool TryReplace(in ConnectionEntry entry, scoped in PersistenceData persistence, int record, uint place, out bool isInCurrent)
    {
        isInCurrent = false;
        if (!_options.Coalesces || (record == 0 && !_withoutRecord.TryGetValue(entry.KeyInPlace, out place)))
            return false;
        if (place == 0 || _waiting.Find(place - 1, out long number, out int index) is not { } message || !_history.Has(place - 1, record))
            return false;
        isInCurrent = _hasCurrent && number == _current.Number;
        return MessageWriter.Resume(message.Space).TryReplace(index, entry, persistence);
    }

    /// <summary>Adds an entry to the message under construction.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="record">Its record; 0 for none.</param>
    /// <param name="place">Takes the place for a later <see cref="TryReplace"/>.</param>
    /// <returns><see cref="Refusal.Full"/> when there is none, or no space in it: it is to be finished, and a new one begun.</returns>
    public Refusal TryAppend(in ConnectionEntry entry, scoped in PersistenceData persistence, int record, ref uint place)
        => _hasCurrent
            ? Write(_current.Buffer, entry, persistence, record, Math.Max(_options.SizeNow, _current.Buffer.Length), ref place)
            : Refusal.Full;

    /// <summary>Begins a message with an entry, which may be larger than the limit as long as it is alone (spec §2.6). There is none under construction.</summary>
    public Refusal Begin(in ConnectionEntry entry, scoped in PersistenceData persistence, int record, long nowMs, ref uint place)
    {
        if (!_spare.TryPop(out DatagramBuffer? buffer))
            buffer = NewBuffer();
        MessageWriter.Start(buffer.Space, _version, _options.SyncId);
        long start = _history.End;
        Refusal refusal = Write(buffer, entry, persistence, record, buffer.Space.Length - _options.TrailerRoom, ref place);
        if (refusal != Refusal.None)
        {
            _spare.Push(buffer);
            return refusal;
        }

        _waiting.Add(buffer, start);
        // Callers have read the clock before they come here, in another order perhaps; the history is searched by this time.
        _begunMs = Math.Max(_begunMs, nowMs);
        (_current, _hasCurrent) = (new WaitingMessage(buffer, _waiting.Newest, _begunMs, new RecordRange(start, 0)), true);
        return refusal;
    }

    /// <summary>Finishes the message under construction, if there is one.</summary>
    public bool TryFinish(out WaitingMessage message)
    {
        message = default;
        if (!_hasCurrent)
            return false;
        message = _current with { Records = _current.Records with { Count = (int)(_history.End - _current.Records.Start) } };
        (_current, _hasCurrent) = (default, false);
        return true;
    }

    /// <summary>Takes back a message that is dropped. Older ones may still wait.</summary>
    public void Drop(in WaitingMessage message)
    {
        _waiting.Drop(message.Number);
        _spare.Push(message.Buffer);
    }

    /// <summary>Takes back the bytes of a message that has left, for another message.</summary>
    public void Recycle(DatagramBuffer buffer) => _spare.Push(buffer);

    private DatagramBuffer NewBuffer() => new(Math.Max(_options.MessageSize, LargestSingle) + _options.TrailerRoom);

    /// <summary>The place of the next entry: the low 32 bits of its position, from 1.</summary>
    private uint NextPlace => (uint)_history.End + 1;

    private Refusal Write(DatagramBuffer buffer, in ConnectionEntry entry, scoped in PersistenceData persistence, int record, int limit, ref uint place)
    {
        var writer = MessageWriter.Resume(buffer.Space[..limit]);
        Refusal refusal = writer.TryWrite(entry, persistence);
        buffer.Length = writer.Length;
        if (refusal != Refusal.None)
            return refusal;
        if (record != 0)
            place = NextPlace;
        else if (_options.Coalesces)
            NoteWithoutRecord(entry.KeyInPlace);
        _history.Append(record);
        return Refusal.None;
    }

    /// <summary>Void places are removed when their number has doubled, so that the cost stays in proportion.</summary>
    private void NoteWithoutRecord(in ConnectionKey key)
    {
        if (_withoutRecord.Count >= _pruneAt)
        {
            foreach ((ConnectionKey one, uint place) in _withoutRecord)
            {
                if (_waiting.Find(place - 1, out _, out _) is null)
                    _withoutRecord.Remove(one);
            }

            _pruneAt = Math.Max(SmallestPruned, _withoutRecord.Count * 2);
        }

        _withoutRecord[key] = NextPlace;
    }
}
