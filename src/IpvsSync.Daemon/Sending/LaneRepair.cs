using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// Tells again what lost messages of a lane carried (docs/protocol.md, "Repair"): the present state of their records under a new number, a
/// message at a time; then REPAIRED names the old numbers. For the lane's sender; allocates nothing.
/// </summary>
/// <param name="numbers">The messages that left.</param>
/// <param name="requests">What the peers ask for.</param>
/// <param name="options">The lane.</param>
internal sealed class LaneRepair(SentNumbers numbers, RepairRequests requests, LaneExtensionsOptions options)
{
    private const byte GoneFlag = 1;

    private readonly NumberList _repaired = new();
    private readonly NumberList _gone = new();
    private readonly int[] _told = new int[MessageWriter.MaxCount];
    private NumberRange _range;
    private int _offset;
    private long _nowMs;
    private int _count;
    private long _messages;
    private long _entries;
    private long _asked;
    private long _lost;

    /// <summary>Whether peers wait for something.</summary>
    public bool HasWork => _range.Count > 0 || requests.HasAny || _repaired.Count + _gone.Count > 0;

    /// <summary>Messages that were told again. Any thread may ask, as the next.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Entries in them.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Numbers that peers asked for.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>Numbers that the rings did not reach any more.</summary>
    public long Gone => Volatile.Read(ref _lost);

    /// <summary>The records of the message that <see cref="TryTell"/> has made.</summary>
    public ReadOnlySpan<int> Told => _told.AsSpan(0, _count);

    /// <summary>Makes one message with records of lost messages, as far as peers ask for any.</summary>
    /// <param name="message">Takes it.</param>
    /// <param name="version">The version of the lane's messages.</param>
    /// <param name="source">Tells the records.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    /// <returns>False if there is none.</returns>
    public bool TryTell(DatagramBuffer message, SyncVersion version, IRepairSource source, long nowMs)
    {
        _count = 0;
        _nowMs = nowMs;
        var writer = MessageWriter.Start(message.Space[..options.ToldSizeNow], version, options.SyncId);
        for (int left = FlowConstants.RepairStep; left > 0 && HasRange(); left--)
        {
            if (!TryTellNumber(_range.First, ref writer, source))
                break;
            _range = new NumberRange(_range.First + 1, (ushort)(_range.Count - 1));
            _offset = 0;
        }

        message.Length = writer.Length;
        if (_count == 0)
            return false;
        Volatile.Write(ref _messages, _messages + 1);
        Volatile.Write(ref _entries, _entries + _count);
        return true;
    }

    /// <summary>Makes the message that names what was told again, or cannot be told; the records have left before it.</summary>
    /// <returns>False if there is nothing to name yet.</returns>
    public bool TryName(DatagramBuffer message)
    {
        bool isGone = _gone.IsFull || _repaired.Count == 0;
        NumberList list = isGone ? _gone : _repaired;
        if (list.Count == 0 || (!list.IsFull && (_range.Count > 0 || requests.HasAny)))
            return false;
        var writer = ControlWriter.Start(message.Space, options.SyncId, ControlKind.Repaired, isGone ? GoneFlag : (byte)0);
        writer.TryWriteRanges(list.Ranges);
        message.Length = writer.Length;
        list.Clear();
        return true;
    }

    /// <summary>Whether a REPAIRED with these flags names what cannot be told any more.</summary>
    public static bool IsGone(byte flags) => (flags & GoneFlag) != 0;

    /// <summary>Whether there is a number to be told, and a place to name it.</summary>
    private bool HasRange()
    {
        while (_range.Count == 0 && requests.TryTake(out NumberRange range))
        {
            // A number that was never given is nobody's.
            ulong given = Math.Min(range.Last, numbers.Last);
            _range = range.First > given ? default : range with { Count = (ushort)(given - range.First + 1) };
        }

        return _range.Count > 0 && !_repaired.IsFull && !_gone.IsFull;
    }

    /// <summary>Tells the records of one number.</summary>
    /// <returns>False if the message is full; the next one goes on from here.</returns>
    private bool TryTellNumber(ulong number, ref MessageWriter writer, IRepairSource source)
    {
        if (_offset == 0)
            Volatile.Write(ref _asked, _asked + 1);
        if (!numbers.Reaches(number))
        {
            Volatile.Write(ref _lost, _lost + 1);
            _gone.Add(number);
            return true;
        }

        ref SentNumber sent = ref numbers[number];
        // Nobody can miss it yet. Whoever asks for all numbers would else have what is told again told again, and so on.
        if (_nowMs - sent.SentMs < FlowConstants.NackAfterMs / 2)
            return true;
        if (!sent.IsRetold)
        {
            if (!numbers.HasRecords(sent))
                source.Lose(sent.SentMs);
            else if (!TryTellRecords(sent, ref writer, source))
                return false;
            sent.IsRetold = true;
        }

        _repaired.Add(number);
        return true;
    }

    private bool TryTellRecords(in SentNumber sent, ref MessageWriter writer, IRepairSource source)
    {
        for (; _offset < sent.Count; _offset++)
        {
            int record = numbers.Record(sent, _offset);
            if (_count == _told.Length)
                return false;
            switch (record == 0 ? Retelling.NotNeeded : source.Tell(record, sent.SentMs, ref writer))
            {
                case Retelling.Full when _count > 0:
                    return false;
                case Retelling.Full:
                    // It needs a message of its own, which is not made here.
                    source.Lose(sent.SentMs);
                    break;
                case Retelling.Told:
                    _told[_count++] = record;
                    break;
            }
        }

        return true;
    }
}
