using System.Buffers.Binary;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Fuzz;

/// <summary>
/// Looks for a trailer in each datagram and reads the control message before it. Checks that the search agrees with the reader of entries,
/// that what is found can be written again, that reading ends, and that nothing lies outside. For one thread.
/// </summary>
internal sealed class PeeringChecker
{
    private const int FieldHead = 3;
    private const int TagOffset = 10;

    private readonly byte[] _space = new byte[Mutator.MaxLength + Trailer.SignedLength];

    /// <summary>The number of trailers found.</summary>
    public long Trailers { get; private set; }

    /// <summary>The number of control messages read.</summary>
    public long ControlMessages { get; private set; }

    /// <summary>The number of those that had a field beyond their end.</summary>
    public long Malformed { get; private set; }

    /// <summary>Checks one datagram; returns the fault, or null.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="digest">Receives everything that was read, mixed.</param>
    public string? Check(ReadOnlySpan<byte> datagram, ref ulong digest)
    {
        bool isFound = Trailer.TryFind(datagram, out Trailer trailer, out int start);
        if (Expected(datagram) is { } expected && expected != isFound)
            return isFound ? "a trailer that the reader does not leave" : "a trailer not found";
        digest = Mix(digest, ((ulong)start << 48) ^ ((ulong)trailer.Instance << 16) ^ trailer.Number ^ trailer.KeyId);
        if (!isFound) return trailer == default && start == 0 ? null : "a trailer without one";
        Trailers++;
        if (start + trailer.Length != datagram.Length || trailer.Number > Trailer.LargestNumber) return "a trailer of wrong size";
        return CheckAgain(datagram, trailer, start) ?? CheckControl(datagram, start, ref digest);
    }

    // Entry by entry, the reader comes to the same end, as long as it refuses no rest of a message. Null: nothing to compare with.
    private static bool? Expected(ReadOnlySpan<byte> datagram)
    {
        var reader = new MessageReader(datagram, default);
        if (reader.Count == 0) return null;
        while (reader.Read(out ConnectionEntry _))
        {
            if (EndsTheWalk(reader.Refusal)) return false;
            if (reader.Refusal != Refusal.None && reader.Refusal.Scope() != RefusalScope.Entry) return null;
        }

        ReadOnlySpan<byte> rest = reader.Trailer;
        return (rest.Length == Trailer.UnsignedLength && rest[^1] == (byte)TrailerType.Unsigned)
            || (rest.Length == Trailer.SignedLength && rest[^1] == (byte)TrailerType.Signed);
    }

    // After these an entry has no end, or one beyond the message.
    private static bool EndsTheWalk(Refusal refusal) => refusal is Refusal.V0EntryTruncated or Refusal.V0SequenceTruncated
        or Refusal.EntryTruncated or Refusal.EntryBeyondMessage or Refusal.UnknownEntryVersion;

    // What was found, appended to the message without it, gives the datagram; all but the tag and the key id that means nothing.
    private string? CheckAgain(ReadOnlySpan<byte> datagram, in Trailer trailer, int start)
    {
        datagram[..start].CopyTo(_space);
        BinaryPrimitives.WriteUInt16BigEndian(_space.AsSpan(2), (ushort)start);
        if (Trailer.Append(_space, start, trailer) != datagram.Length) return "a trailer that cannot be written";
        if (!datagram[..(start + TagOffset)].SequenceEqual(_space.AsSpan(0, start + TagOffset))) return "another message with its trailer";
        return Trailer.TryFind(_space.AsSpan(0, datagram.Length), out Trailer again, out int place) && again == trailer && place == start
            ? null
            : "another trailer the second time";
    }

    private string? CheckControl(ReadOnlySpan<byte> datagram, int start, ref ulong digest)
    {
        if (!ControlReader.TryOpen(datagram, start, out ControlReader reader)) return null;
        ControlMessages++;
        digest = Mix(digest, ((ulong)reader.Kind << 8) | reader.Flags);
        int end = reader.Offset;
        for (int left = datagram.Length / FieldHead; reader.Read(out ControlField field, out ReadOnlySpan<byte> value); left--)
        {
            if (left == 0) return "no end of fields";
            if (reader.Offset < end || reader.Offset + FieldHead + value.Length > start) return "a field outside the body";
            end = reader.Offset + FieldHead + value.Length;
            digest = Mix(digest, ((ulong)field << 32) | (uint)value.Length);
            if (Decode(value, ref digest) is { } fault) return fault;
        }

        if (reader.IsMalformed) Malformed++;
        else if (end != start && end != 0) return "bytes left behind the last field";
        return reader.Read(out _, out _) ? "a field after the end" : null;
    }

    // Every decoder, whatever the field: they must bear any value.
    private static string? Decode(ReadOnlySpan<byte> value, ref ulong digest)
    {
        if (ControlValue.TryReadByte(value, out byte one)) digest = Mix(digest, one);
        if (ControlValue.TryReadUInt32(value, out uint four)) digest = Mix(digest, four);
        if (ControlValue.TryReadNumber(value, out ulong number)) digest = Mix(digest, number);
        if (ControlValue.TryReadUInt64(value, out ulong eight)) digest = Mix(digest, eight);
        ReadOnlySpan<byte> rest = value;
        while (ControlValue.TryReadRange(ref rest, out NumberRange range))
        {
            if (range.Count == 0 || range.First == 0 || range.Last > Trailer.LargestNumber) return "a range of no numbers";
            digest = Mix(digest, range.Last);
        }

        rest = value;
        while (ControlValue.TryTakeUInt64(ref rest, out eight)) digest = Mix(digest, eight);
        while (ControlValue.TryTakeUInt16(ref rest, out ushort two)) digest = Mix(digest, two);
        return rest.Length > 1 ? "a list that does not end" : null;
    }

    private static ulong Mix(ulong digest, ulong value) => (digest ^ value) * 0x9E3779B97F4A7C15 ^ (digest >> 29);
}
