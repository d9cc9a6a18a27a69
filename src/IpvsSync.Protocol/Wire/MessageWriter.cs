using IpvsSync.Protocol.Wire.V0;
using IpvsSync.Protocol.Wire.V1;

namespace IpvsSync.Protocol.Wire;

/// <summary>
/// Fills a buffer with one message of either version, as the kernel's master does (spec §1, §2). The header is correct after every call, so
/// the first <see cref="Length"/> bytes are always a complete datagram. All state is in the message, so several writers can fill it in
/// turn. Allocates nothing. For one thread; the caller owns the buffer.
/// </summary>
public ref struct MessageWriter
{
    /// <summary>The largest number of entries in a message. The count is one byte, and the kernel's own count wraps (spec §2.7).</summary>
    public const int MaxCount = byte.MaxValue;

    private readonly Span<byte> _buffer;
    private readonly bool _v0SequenceBigEndian;
    private bool _closed;

    private MessageWriter(Span<byte> buffer, SyncVersion version, bool v0SequenceBigEndian)
    {
        _buffer = buffer.Length > ushort.MaxValue ? buffer[..ushort.MaxValue] : buffer;
        _v0SequenceBigEndian = v0SequenceBigEndian;
        Version = version;
        Length = MessageHeader.Size(buffer);
        Count = MessageHeader.Count(buffer, version);
    }

    /// <summary>The message's version.</summary>
    public SyncVersion Version { get; }

    /// <summary>The current length of the message in bytes, header included.</summary>
    public int Length { get; private set; }

    /// <summary>The current number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>The start in the buffer of the entry that this writer wrote last; the entry ends at <see cref="Length"/>.</summary>
    public int LastEntryStart { get; private set; }

    /// <summary>Starts a message: writes a header without entries.</summary>
    /// <param name="buffer">The buffer for the message. Its length limits the message; at most 65535 bytes are used.</param>
    /// <param name="version">The version of the message.</param>
    /// <param name="syncId">The low 8 bits of the configured sync id.</param>
    /// <param name="v0SequenceBigEndian">Whether the receivers of version 0 are big-endian machines (spec §1.3).</param>
    /// <exception cref="ArgumentException">The buffer is too small for the header.</exception>
    public static MessageWriter Start(Span<byte> buffer, SyncVersion version, byte syncId, bool v0SequenceBigEndian = false)
    {
        if (buffer.Length < MessageHeader.Length(version)) throw new ArgumentException("No room for the header.", nameof(buffer));
        MessageHeader.Start(buffer, version, syncId);
        return new MessageWriter(buffer, version, v0SequenceBigEndian);
    }

    /// <summary>Continues a message without a trailer that an earlier writer started in <paramref name="buffer"/>.</summary>
    /// <param name="buffer">The same bytes; those after the message do not matter.</param>
    /// <param name="v0SequenceBigEndian">The same value as at the start.</param>
    /// <exception cref="ArgumentException">There is no message in the buffer.</exception>
    public static MessageWriter Resume(Span<byte> buffer, bool v0SequenceBigEndian = false)
    {
        int size = buffer.Length < MessageHeader.LengthV0 ? 0 : MessageHeader.Size(buffer);
        if (size < MessageHeader.LengthV0 || size > buffer.Length) throw new ArgumentException("No message begun.", nameof(buffer));
        return new MessageWriter(buffer, MessageHeader.Version(buffer[..size]), v0SequenceBigEndian);
    }

    /// <summary>
    /// Appends an entry. All flags are sent except HASHED; TEMPLATE follows the key, and version 0 cuts the flags to 16 bits. Refuses an
    /// entry that some generation of receivers would drop (spec §9.3, §6.1).
    /// </summary>
    /// <param name="entry">The entry. Version 0 omits the timeout, the firewall mark, and sequence data without its flags.</param>
    /// <param name="persistence">Persistence data, sent if it has a key; version 0 omits it.</param>
    /// <returns>
    /// <see cref="Refusal.None"/>: written. <see cref="Refusal.Full"/>: the entry belongs in the next message. Otherwise the reason why no
    /// message of this version can carry it. Unless the entry was written, the message is unchanged.
    /// </returns>
    public Refusal TryWrite(in ConnectionEntry entry, scoped PersistenceData persistence = default)
    {
        ConnectionFlags wireFlags = SentFlags.Of(entry);
        Refusal refusal = SentFlags.Check(entry, wireFlags);
        if (refusal != Refusal.None) return refusal;
        return Version == SyncVersion.V1 ? TryWriteV1(entry, wireFlags, persistence) : TryWriteV0(entry, wireFlags);
    }

    /// <summary>Overwrites an earlier entry of the message with one of the same connection, and of exactly the same length on the wire.</summary>
    /// <param name="index">The number of the earlier entry in the message, from 0.</param>
    /// <param name="entry">The new entry, subject to the rules of <see cref="TryWrite"/>.</param>
    /// <param name="persistence">Its persistence data.</param>
    /// <returns>
    /// False, and nothing is written, if there is no such entry, if its connection or length differs, or if no message of this version can carry the new
    /// one.
    /// </returns>
    public readonly bool TryReplace(int index, in ConnectionEntry entry, scoped PersistenceData persistence = default)
    {
        ConnectionFlags wireFlags = SentFlags.Of(entry);
        if ((uint)index >= (uint)Count || SentFlags.Check(entry, wireFlags) != Refusal.None) return false;
        Span<byte> place = Version == SyncVersion.V0 ? EntryV0.Find(_buffer, index) : EntryV1.Find(_buffer, index);
        int length = place.Length;
        if (Version == SyncVersion.V0)
        {
            if (EntryWriterV0.Check(entry, wireFlags) != Refusal.None || EntryWriterV0.Measure(wireFlags) != length) return false;
            if (!EntryV0.HaveOneKey(place, entry, wireFlags)) return false;
            EntryWriterV0.Write(place, entry, wireFlags, _v0SequenceBigEndian);
            return true;
        }

        if (EntryWriterV1.Check(persistence) != Refusal.None || EntryWriterV1.Measure(entry, persistence) != length) return false;
        if (!EntryV1.HaveOneKey(place, entry, wireFlags)) return false;
        EntryWriterV1.Write(place, entry, wireFlags, persistence);
        return true;
    }

    /// <summary>Ends the message with bytes that every kernel ignores (spec §2.5). Nothing can follow them.</summary>
    /// <returns>
    /// False if the buffer is too small, if there is a trailer already, or for version 0 without entries, which is not a valid message.
    /// </returns>
    public bool TryWriteTrailer(scoped ReadOnlySpan<byte> trailer)
    {
        if (_closed || trailer.Length > _buffer.Length - Length) return false;
        if (Version == SyncVersion.V0 && Count == 0) return false;
        trailer.CopyTo(_buffer[Length..]);
        _closed = true;
        Patch(Length + trailer.Length, Count);
        return true;
    }

    private Refusal TryWriteV0(in ConnectionEntry entry, ConnectionFlags wireFlags)
    {
        Refusal refusal = EntryWriterV0.Check(entry, wireFlags);
        if (refusal != Refusal.None) return refusal;
        int length = EntryWriterV0.Measure(wireFlags);
        if (!Fits(Length, length)) return Refusal.Full;
        EntryWriterV0.Write(_buffer.Slice(Length, length), entry, wireFlags, _v0SequenceBigEndian);
        LastEntryStart = Length;
        Patch(Length + length, Count + 1);
        return Refusal.None;
    }

    private Refusal TryWriteV1(in ConnectionEntry entry, ConnectionFlags wireFlags, scoped PersistenceData persistence)
    {
        Refusal refusal = EntryWriterV1.Check(persistence);
        if (refusal != Refusal.None) return refusal;
        int length = EntryWriterV1.Measure(entry, persistence);
        int start = EntryV1.Align(Length);
        if (!Fits(start, length)) return Refusal.Full;
        if (start != Length) _buffer[Length..start].Clear();
        EntryWriterV1.Write(_buffer.Slice(start, length), entry, wireFlags, persistence);
        LastEntryStart = start;
        Patch(start + length, Count + 1);
        return Refusal.None;
    }

    private readonly bool Fits(int start, int length) => !_closed && Count < MaxCount && length <= _buffer.Length - start;

    private void Patch(int length, int count)
    {
        Length = length;
        Count = count;
        MessageHeader.Patch(_buffer, Version, length, count);
    }
}
