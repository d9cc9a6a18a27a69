using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>
/// A connection as the table keeps it: 64 bytes. Parts that do not fit are in <see cref="WideParts"/>.
/// Written only under its shard's lock. Numbers of records and wide parts begin at 1; 0 is none.
/// </summary>
internal struct PackedRecord
{
    /// <summary>The key.</summary>
    public PackedKey Key;

    /// <summary>Where the lane has put its last entry; see <see cref="Sending.LaneQueue.Append"/>.</summary>
    public uint Place;

    /// <summary>The next record of the same bucket of the wheel; of a free record the next free one.</summary>
    public ushort Next;

    /// <summary>The record before it in its bucket.</summary>
    public ushort Previous;

    /// <summary>The number of its <see cref="WideParts"/>.</summary>
    public ushort Wide;

    /// <summary>Its bucket of the wheel.</summary>
    public byte Bucket;

    /// <summary>The place of the numbered peer that told of it last (<see cref="OwnerSums"/>).</summary>
    public byte Owner;

    // Milliseconds in 48 bits.
    private uint _deadlineLow;
    private uint _sentLow;
    private ushort _deadlineHigh;
    private ushort _sentHigh;
    private uint _real;
    private ConnectionFlags _flags;
    private uint _fwmark;
    private uint _timeout;
    private ushort _realPort;
    private ushort _state;
    private byte _retries;
    private Marks _marks;

    [Flags]
    private enum Marks : ushort
    {
        None = 0,
        Live = 1,
        Peer = 2,
        Sequence = 4,
        Sent = 8,
        Pending = 16,
        Unbound = 32,
        Reborn = 64,
        Past = 128,
        Contested = 256,
        Moving = 512,
        Moved = 1024,
    }

    /// <summary>When the connection times out: milliseconds on the table's clock.</summary>
    public long DeadlineMs
    {
        readonly get => Whole(_deadlineLow, _deadlineHigh);
        set => (_deadlineLow, _deadlineHigh) = ((uint)value, (ushort)(value >> 32));
    }

    /// <summary>Whether it holds a connection.</summary>
    public bool IsLive
    {
        readonly get => Has(Marks.Live);
        set => Mark(Marks.Live, value);
    }

    /// <summary>The sender of the newest entry.</summary>
    public Origin Origin
    {
        readonly get => Has(Marks.Peer) ? Origin.Peer : Origin.Local;
        set => Mark(Marks.Peer, value == Origin.Peer);
    }

    /// <summary>Whether a peer's connection has no real server here.</summary>
    public bool IsUnbound
    {
        readonly get => Has(Marks.Unbound);
        set => Mark(Marks.Unbound, value);
    }

    /// <summary>Whether a peer told of this life before, in an earlier state.</summary>
    public bool HasPast
    {
        readonly get => Has(Marks.Past);
        set => Mark(Marks.Past, value);
    }

    /// <summary>Whether it may have begun a new life since; see <see cref="PeerVerdict.Contested"/>.</summary>
    public bool IsContested
    {
        readonly get => Has(Marks.Contested);
        set => Mark(Marks.Contested, value);
    }

    /// <summary>Whether the kernel is giving up what it knew before, so that this connection is told later; see <see cref="Succession"/>.</summary>
    public bool IsMoving
    {
        readonly get => Has(Marks.Moving);
        set => Mark(Marks.Moving, value);
    }

    /// <summary>Whether it had another real server before, which the kernel may still know; of a template see <see cref="IsMoving"/>.</summary>
    public bool HasMoved
    {
        readonly get => Has(Marks.Moved);
        set => Mark(Marks.Moved, value);
    }

    /// <summary>The send state: towards the peers for this director's own connections, towards the kernel for a peer's.</summary>
    public SentState Sent
    {
        readonly get => new()
        {
            SentMs = Whole(_sentLow, _sentHigh), Retries = _retries, IsSent = Has(Marks.Sent), IsPending = Has(Marks.Pending), IsReborn = Has(Marks.Reborn),
        };
        set
        {
            (_sentLow, _sentHigh) = ((uint)value.SentMs, (ushort)(value.SentMs >> 32));
            _retries = value.Retries;
            Marks marks = _marks & ~(Marks.Sent | Marks.Pending | Marks.Reborn);
            marks |= value.IsSent ? Marks.Sent : Marks.None;
            marks |= value.IsPending ? Marks.Pending : Marks.None;
            _marks = marks | (value.IsReborn ? Marks.Reborn : Marks.None);
        }
    }

    /// <summary>Whether a refresh is pending.</summary>
    public readonly bool IsPending => Has(Marks.Pending);

    /// <summary>The state of the newest entry.</summary>
    public readonly ushort State => _state;

    /// <summary>Whether the client's port is not known yet.</summary>
    public readonly bool HasNoClientPort => (Key.Rest & ushort.MaxValue) == 0 && (_flags & ConnectionFlags.IP_VS_CONN_F_NO_CPORT) != 0;

    /// <summary>The real server's IPv4 address; meaningless with <see cref="Wide"/> parts.</summary>
    public readonly uint NarrowReal => _real;

    /// <summary>The real server's port.</summary>
    public readonly ushort RealPort => _realPort;

    /// <summary>Whether the record equals <paramref name="entry"/>, of the same key; wide parts do not count.</summary>
    public readonly bool Matches(in ConnectionEntry entry)
        => _state == entry.State && _timeout == entry.Timeout && _flags == entry.Flags && _fwmark == entry.Fwmark
            && _real == (uint)entry.Real.Low && _realPort == entry.RealPort && Has(Marks.Sequence) == entry.HasSequence;

    /// <summary>Stores <paramref name="entry"/>, without its wide parts.</summary>
    public void Update(in ConnectionEntry entry)
    {
        _real = (uint)entry.Real.Low;
        _realPort = entry.RealPort;
        _flags = entry.Flags;
        _fwmark = entry.Fwmark;
        _timeout = entry.Timeout;
        _state = entry.State;
        Mark(Marks.Sequence, entry.HasSequence);
    }

    /// <summary>The entry that was stored.</summary>
    /// <param name="wide">The wide parts, if <see cref="Wide"/> is not 0.</param>
    public readonly ConnectionEntry Entry(in WideParts wide) => new()
    {
        Key = Wide == 0 ? Key.With(Narrow((uint)Key.Addresses), Narrow((uint)(Key.Addresses >> 32))) : Key.With(wide.Client, wide.Virtual),
        Real = Wide == 0 ? Narrow(_real) : wide.Real,
        Sequence = Wide == 0 ? default : wide.Sequence,
        Flags = _flags,
        Fwmark = _fwmark,
        Timeout = _timeout,
        RealPort = _realPort,
        State = _state,
        HasSequence = Has(Marks.Sequence),
    };

    private static long Whole(uint low, ushort high) => ((long)(short)high << 32) | low;

    private static Address Narrow(uint address) => Address.FromIPv4(address);

    // Enum.HasFlag allocates until the runtime has optimised its caller.
    private readonly bool Has(Marks mark) => (_marks & mark) != 0;

    private void Mark(Marks mark, bool isSet) => _marks = isSet ? _marks | mark : _marks & ~mark;
}
