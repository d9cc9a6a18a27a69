using IpvsSync.Protocol.Wire.V0;
using IpvsSync.Protocol.Wire.V1;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// Reads the entries of one datagram of either version, as the kernel's backup does (spec §1.5, §1.6, §2.5). No content of the bytes makes
/// it throw or read beyond them, and it allocates nothing. For one thread. The caller owns the bytes and must not change them while it
/// reads.
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

    /// <summary>Checks the header of <paramref name="datagram"/>; the first <see cref="Read"/> reports a refusal.</summary>
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
    /// The reason why the last entry or message from <see cref="Read"/> is refused; <see cref="Refusal.None"/> for a good entry.
    /// </summary>
    public Refusal Refusal { get; private set; }

    /// <summary>The start of the current entry, in bytes from the start of the datagram; 0 if the message is refused.</summary>
    public int Offset { get; private set; }

    /// <summary>
    /// The current entry's flags as received, before any mask. They are for display; use <see cref="ConnectionEntry.Flags"/> otherwise. 0
    /// if the entry was refused before its flags were read.
    /// </summary>
    public readonly ConnectionFlags WireFlags => _marks.WireFlags;

    /// <summary>
    /// The current entry's persistence data, which refers to the datagram; empty if the entry is refused. A name without data is reported
    /// too; then <see cref="PersistenceData.IsEmpty"/> is true.
    /// </summary>
    public readonly PersistenceData Persistence =>
        Refusal == Refusal.None ? new PersistenceData(Option(_marks.PersistenceName), Option(_marks.PersistenceData)) : default;

    /// <summary>
    /// The bytes after the last counted entry inside the message, which every kernel ignores (spec §2.5). Padding is not skipped. Empty
    /// until the last entry is read, and if the message or the rest of it is refused.
    /// </summary>
    public readonly ReadOnlySpan<byte> Trailer => _left == 0 ? _datagram[_marks.End..] : default;

    /// <summary>Reads the next entry.</summary>
    /// <param name="entry">
    /// The entry; default if refused. Its flags are masked according to <see cref="ReaderProfile"/> and never contain SYNC, which the
    /// receiver adds.
    /// </param>
    /// <returns>
    /// True for each entry and each refusal, and once for a refused message: see <see cref="Refusal"/>. False at the end.
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
