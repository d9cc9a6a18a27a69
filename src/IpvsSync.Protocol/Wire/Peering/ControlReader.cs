namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// Reads a control message: version 1, no entries, a body, a trailer. Kernels find no entry and ignore it (spec §2.5). All values are
/// big-endian.
/// <code>
///   0              8     9      10 ..                                trailer
///   header, v1     kind  flags  fields
///                               0     1       3 .. 3+L
///                               type  length  value
/// </code>
/// No content of the bytes makes it throw or read beyond them, and it allocates nothing. For one thread; the caller owns the bytes.
/// </summary>
/// <example>
/// <code>
/// if (!Trailer.TryFind(datagram, out Trailer trailer, out int start) || !ControlReader.TryOpen(datagram, start, out var reader)) return;
/// while (reader.Read(out ControlField field, out ReadOnlySpan&lt;byte&gt; value)) { }
/// if (reader.IsMalformed) Count();
/// </code>
/// </example>
public ref struct ControlReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _next;

    private ControlReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        _next = ControlMessage.HeadLength;
        Kind = (ControlKind)message[ControlMessage.KindOffset];
        Flags = message[ControlMessage.FlagsOffset];
    }

    /// <summary>What the message says; can be a kind that this program does not know.</summary>
    public ControlKind Kind { get; }

    /// <summary>The kind's flags.</summary>
    public byte Flags { get; }

    /// <summary>The start of the current field, or of the malformed one, in bytes from the start of the datagram.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether a field reached beyond the end. Fields before it were returned.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Begins to read a datagram with a trailer.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="trailerStart">Where <see cref="Trailer.TryFind"/> found its trailer.</param>
    /// <param name="reader">The reader; default if this is not a control message.</param>
    /// <returns>False if the message has entries, or a body of fewer than 2 bytes.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> datagram, int trailerStart, out ControlReader reader)
    {
        reader = default;
        if (trailerStart < ControlMessage.HeadLength || trailerStart > datagram.Length) return false;
        if (MessageHeader.Check(datagram, 0) != Refusal.None) return false;
        if (MessageHeader.Version(datagram) != SyncVersion.V1 || MessageHeader.Count(datagram, SyncVersion.V1) != 0) return false;
        reader = new ControlReader(datagram[..trailerStart]);
        return true;
    }

    /// <summary>Reads the next field.</summary>
    /// <param name="field">Its type; can be one that this program does not know.</param>
    /// <param name="value">Its value, which refers to the datagram; can be empty, and of a wrong length for its type.</param>
    /// <returns>False at the end, and at a field that reaches beyond it: see <see cref="IsMalformed"/>.</returns>
    public bool Read(out ControlField field, out ReadOnlySpan<byte> value)
    {
        field = default;
        value = default;
        if (IsMalformed || _next == _message.Length) return false;
        Offset = _next;
        IsMalformed = !TryTake(_message[_next..], out field, out value);
        _next += ControlMessage.FieldHeadLength + value.Length;
        return !IsMalformed;
    }

    private static bool TryTake(ReadOnlySpan<byte> rest, out ControlField field, out ReadOnlySpan<byte> value)
    {
        field = default;
        value = default;
        if (rest.Length < ControlMessage.FieldHeadLength) return false;
        var head = new WireReader(rest);
        var type = (ControlField)head.ReadByte();
        int length = head.ReadUInt16();
        if (length > rest.Length - ControlMessage.FieldHeadLength) return false;
        field = type;
        value = rest.Slice(ControlMessage.FieldHeadLength, length);
        return true;
    }
}
