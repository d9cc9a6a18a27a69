using IpvsSync.Protocol.Wire.V0;
using IpvsSync.Protocol.Wire.V1;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// Reads the entries of one datagram of either version, as the kernel's backup does (spec §1.5, §1.6, §2.5).
/// Never throws for what the bytes say, never looks past them, allocates nothing. For one thread; the caller owns the bytes
/// and keeps them unchanged while it reads.
/// </summary>
/// <example>
/// <code>
/// var reader = new MessageReader(datagram, options);
/// while (reader.Read(out ConnectionEntry entry))
/// {
///     if (reader.Refusal == Refusal.None) Apply(entry, reader.Persistence);
///     else Count(reader.Refusal);
/// }
/// </code>
/// </example>
public ref struct MessageReader
{
    private readonly ReadOnlySpan<byte> _datagram;
    private readonly ReaderOptions _options;
    private EntryMarks _marks;
    private Refusal _headerRefusal;
    private int _left;

    /// <summary>
    /// Looks at the header of <paramref name="datagram"/>; what is wrong with it is told by the first <see cref="Read"/>.
    /// </summary>
    public MessageReader(ReadOnlySpan<byte> datagram, in ReaderOptions options)
    {
        _datagram = datagram;
        _options = options;
        _marks.End = datagram.Length;
        if (datagram.Length > 1) SyncId = datagram[1];
        _headerRefusal = MessageHeader.Check(datagram, options.SyncId);
        if (_headerRefusal != Refusal.None) return;
        Version = MessageHeader.Version(datagram);
        _marks.End = _marks.Next = MessageHeader.Length(Version);
        _left = Count = MessageHeader.Count(datagram, Version);
    }

    /// <summary>The message's version; version 0 if the message is refused.</summary>
    public SyncVersion Version { get; }

    /// <summary>The sender's sync id.</summary>
    public byte SyncId { get; }

    /// <summary>
    /// The number of entries that the header announces, modulo 256 with some senders (spec §2.7); 0 if the message is refused.
    /// </summary>
    public int Count { get; }

    /// <summary>
    /// Why the entry or message that <see cref="Read"/> told last is refused; <see cref="Refusal.None"/> for a good entry.
    /// </summary>
    public Refusal Refusal { get; private set; }

    /// <summary>Where the current entry starts, in bytes from the start of the datagram; 0 if the message is refused.</summary>
    public int Offset { get; private set; }

    /// <summary>
    /// The current entry's flags as received, before any mask (for people; <see cref="ConnectionEntry.Flags"/> are for use).
    /// 0 if the entry was refused before its flags were reached.
    /// </summary>
    public readonly ConnectionFlags WireFlags => _marks.WireFlags;

    /// <summary>
    /// The current entry's persistence data, pointing into the datagram; empty if it is refused. A name without data is
    /// reported as well, and <see cref="PersistenceData.IsEmpty"/> then.
    /// </summary>
    public readonly PersistenceData Persistence =>
        Refusal == Refusal.None ? new PersistenceData(Option(_marks.PersistenceName), Option(_marks.PersistenceData)) : default;

    /// <summary>
    /// What follows the last counted entry inside the message, which every kernel ignores (spec §2.5); padding is not skipped.
    /// Empty until the last entry is read, and if the message or its rest is refused.
    /// </summary>
    public readonly ReadOnlySpan<byte> Trailer => _left == 0 ? _datagram[_marks.End..] : default;

    /// <summary>
    /// Goes to the next entry.
    /// </summary>
    /// <param name="entry">
    /// The entry; default if refused. Its flags are masked as <see cref="ReaderProfile"/> says, and SYNC is never among them:
    /// it is for the receiver to add.
    /// </param>
    /// <returns>
    /// True for each entry and for each refusal, also once for a refused message: see <see cref="Refusal"/>. False at the end.
    /// </returns>
    public bool Read(out ConnectionEntry entry)
    {
        if (_left == 0) return ReadHeaderRefusal(out entry);
        _left--;
        Offset = _marks.Next;
        Refusal = Version == SyncVersion.V1
            ? EntryReaderV1.Read(_datagram, Offset, _options, ref _marks, out entry)
            : EntryReaderV0.Read(_datagram, Offset, _options, ref _marks, out entry);
        if (Refusal != Refusal.None) Refuse(out entry);
        return true;
    }

    private bool ReadHeaderRefusal(out ConnectionEntry entry)
    {
        entry = default;
        Refusal = _headerRefusal;
        _headerRefusal = Refusal.None;
        return Refusal != Refusal.None;
    }

    private void Refuse(out ConnectionEntry entry)
    {
        entry = default;
        if (Refusal.Scope() == RefusalScope.Entry) return;
        _left = 0;
        _marks.End = _datagram.Length;
    }

    private readonly ReadOnlySpan<byte> Option(int mark) => mark == 0 ? default : _datagram.Slice(mark, _datagram[mark - 1]);
}
