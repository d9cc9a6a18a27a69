using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Builds the messages of one lane. Entries are encoded straight into the datagram that will carry them. If the lane coalesces, a newer entry
/// takes the place of a waiting one of the same connection and of the same length on the wire. For one thread at a time; allocates only
/// while the lane grows.
/// </summary>
/// <param name="options">How messages are made.</param>
/// <param name="history">Notes the record of each entry.</param>
internal sealed class MessageBuilder(LaneQueueOptions options, SentHistory history)
{
    /// <summary>The largest message of a single entry that a kernel can produce, in bytes (spec §2.6).</summary>
    private const int LargestSingle = 8 + 373;

    private readonly Stack<DatagramBuffer> _spare = new();
    private readonly WaitingEntries _entries = new();
    private SyncVersion _version = options.Version;
    private WaitingMessage _current;
    private bool _hasCurrent;
    private long _begun;

    /// <summary>The protocol version of the messages that are begun.</summary>
    public SyncVersion Version
    {
        get => _version;
        set => _version = value;
    }

    /// <summary>When the message under construction was begun, in milliseconds on the lane's clock; null if there is none.</summary>
    public long? BegunMs => _hasCurrent ? _current.BegunMs : null;

    /// <summary>The number of the oldest message that has not left. Entries of older messages are not replaced.</summary>
    public long OldestWaiting { get; set; } = 1;

    /// <summary>Writes an entry over the waiting one of its connection, if the lane coalesces and there is one of the same length.</summary>
    /// <param name="entry">The newer entry.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <param name="record">Its record.</param>
    /// <param name="isInCurrent">Whether it lies in the message under construction.</param>
    public bool TryReplace(in ConnectionEntry entry, PersistenceData persistence, int record, out bool isInCurrent)
    {
        isInCurrent = false;
        if (!options.Coalesces || !_entries.TryReplace(entry, persistence, record, OldestWaiting, out EntryPlace place))
            return false;
        history.Replace(place.Position, record);
        isInCurrent = _hasCurrent && place.Number == _current.Number;
        return true;
    }

    /// <summary>Adds an entry to the message under construction.</summary>
    /// <returns><see cref="Refusal.Full"/> when there is none, or no space in it: it is to be finished, and a new one begun.</returns>
    public Refusal TryAppend(in ConnectionEntry entry, PersistenceData persistence, int record)
        => _hasCurrent
            ? Write(_current, entry, persistence, record, Math.Max(options.SizeNow, _current.Buffer.Length))
            : Refusal.Full;

    /// <summary>Begins a message with an entry, which may be larger than the limit as long as it is alone (spec §2.6). There is none under construction.</summary>
    public Refusal Begin(in ConnectionEntry entry, PersistenceData persistence, int record, long nowMs)
    {
        if (!_spare.TryPop(out DatagramBuffer? buffer))
            buffer = new DatagramBuffer(Math.Max(options.MessageSize, LargestSingle) + options.TrailerRoom);
        MessageWriter.Start(buffer.Space, _version, options.SyncId);
        var message = new WaitingMessage(buffer, ++_begun, nowMs, new RecordRange(history.End, 0));
        Refusal refusal = Write(message, entry, persistence, record, buffer.Space.Length - options.TrailerRoom);
        if (refusal == Refusal.None)
            (_current, _hasCurrent) = (message, true);
        else
            _spare.Push(buffer);
        return refusal;
    }

    /// <summary>Finishes the message under construction, if there is one.</summary>
    public bool TryFinish(out WaitingMessage message)
    {
        message = default;
        if (!_hasCurrent)
            return false;
        message = _current with { Records = _current.Records with { Count = (int)(history.End - _current.Records.Start) } };
        (_current, _hasCurrent) = (default, false);
        return true;
    }

    /// <summary>Takes back a message that is dropped. Older ones may still wait.</summary>
    public void Drop(in WaitingMessage message)
    {
        // It was finished last, so the history has its records.
        Span<int> records = stackalloc int[byte.MaxValue];
        history.TryCopy(message.Records, offset: 0, records, out int count);
        _entries.Forget(message.Buffer, message.Number, records[..count]);
        _spare.Push(message.Buffer);
    }

    /// <summary>Takes back the bytes of a message that has left, for another message.</summary>
    public void Recycle(DatagramBuffer buffer) => _spare.Push(buffer);

    private Refusal Write(in WaitingMessage message, in ConnectionEntry entry, PersistenceData persistence, int record, int limit)
    {
        var writer = MessageWriter.Resume(message.Buffer.Space[..limit]);
        Refusal refusal = writer.TryWrite(entry, persistence);
        message.Buffer.Length = writer.Length;
        if (refusal != Refusal.None)
            return refusal;
        if (options.Coalesces)
        {
            int start = writer.LastEntryStart;
            _entries.Note(entry.Key, record, new EntryPlace(message.Number, message.Buffer, (ushort)start, (ushort)(writer.Length - start), (uint)history.End), OldestWaiting);
        }

        history.Append(record);
        return Refusal.None;
    }
}
