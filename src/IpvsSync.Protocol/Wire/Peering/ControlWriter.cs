namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// Fills a buffer with one control message, in the layout that <see cref="ControlReader"/> shows. The header is correct after every call,
/// so the first <see cref="Length"/> bytes are always a complete message without a trailer; <see cref="Trailer.Append"/> adds that. A field
/// that is refused leaves the message unchanged. Allocates nothing. For one thread; the caller owns the buffer.
/// </summary>
public ref struct ControlWriter
{
    private readonly Span<byte> _buffer;

    private ControlWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        Length = ControlMessage.HeadLength;
        MessageHeader.PatchSize(buffer, Length);
    }

    /// <summary>The current length of the message in bytes, header included.</summary>
    public int Length { get; private set; }

    /// <summary>Starts a message without fields.</summary>
    /// <param name="buffer">The buffer for the message. Its length limits the message: keep the trailer's room behind it.</param>
    /// <param name="syncId">The low 8 bits of the configured sync id.</param>
    /// <param name="kind">What the message says.</param>
    /// <param name="flags">The kind's flags.</param>
    /// <exception cref="ArgumentException">The buffer has fewer than 10 bytes.</exception>
    public static ControlWriter Start(Span<byte> buffer, byte syncId, ControlKind kind, byte flags = 0)
    {
        if (buffer.Length < ControlMessage.HeadLength) throw new ArgumentException("No room for the header.", nameof(buffer));
        MessageHeader.Start(buffer, SyncVersion.V1, syncId);
        buffer[ControlMessage.KindOffset] = (byte)kind;
        buffer[ControlMessage.FlagsOffset] = flags;
        return new ControlWriter(buffer[..Math.Min(buffer.Length, ControlMessage.LongestLength - Trailer.SignedLength)]);
    }

    /// <summary>Appends a field.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWrite(ControlField field, scoped ReadOnlySpan<byte> value)
    {
        if (!TryReserve(field, value.Length, out WireWriter writer)) return false;
        writer.WriteBytes(value);
        return true;
    }

    /// <summary>Appends a field of 1 byte: reason, outcome.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteByte(ControlField field, byte value) => TryWrite(field, [value]);

    /// <summary>Appends a field of 4 bytes: target, run, echo.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteUInt32(ControlField field, uint value)
    {
        if (!TryReserve(field, sizeof(uint), out WireWriter writer)) return false;
        writer.WriteUInt32(value);
        return true;
    }

    /// <summary>Appends a field of 8 bytes: cursor.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteUInt64(ControlField field, ulong value) => TryWriteUInt64s(field, [value]);

    /// <summary>Appends a list of 8 bytes each: counts.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteUInt64s(ControlField field, scoped ReadOnlySpan<ulong> values)
    {
        if (!TryReserve(field, values.Length * sizeof(ulong), out WireWriter writer)) return false;
        foreach (ulong value in values) writer.WriteUInt64(value);
        return true;
    }

    /// <summary>Appends a list of 2 bytes each: cells.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteUInt16s(ControlField field, scoped ReadOnlySpan<ushort> values)
    {
        if (!TryReserve(field, values.Length * sizeof(ushort), out WireWriter writer)) return false;
        foreach (ushort value in values) writer.WriteUInt16(value);
        return true;
    }

    /// <summary>Appends a number of 6 bytes: highest.</summary>
    /// <returns>False if there is no room, or the number is above <see cref="Trailer.LargestNumber"/>.</returns>
    public bool TryWriteNumber(ControlField field, ulong number)
    {
        if (number > Trailer.LargestNumber || !TryReserve(field, 6, out WireWriter writer)) return false;
        writer.WriteUInt48(number);
        return true;
    }

    /// <summary>Appends the sums of consecutive cells.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWriteSums(ushort firstCell, scoped ReadOnlySpan<ulong> sums)
    {
        if (!TryReserve(ControlField.Sums, sizeof(ushort) + (sums.Length * sizeof(ulong)), out WireWriter writer)) return false;
        writer.WriteUInt16(firstCell);
        foreach (ulong sum in sums) writer.WriteUInt64(sum);
        return true;
    }

    /// <summary>Appends ranges of numbers.</summary>
    /// <returns>False if there is no room, there are more than <see cref="NumberRange.MaxRanges"/>, or one is not valid.</returns>
    public bool TryWriteRanges(scoped ReadOnlySpan<NumberRange> ranges)
    {
        if (ranges.Length > NumberRange.MaxRanges) return false;
        foreach (NumberRange range in ranges)
        {
            if (!range.IsValid) return false;
        }

        if (!TryReserve(ControlField.Ranges, ranges.Length * NumberRange.WireLength, out WireWriter writer)) return false;
        foreach (NumberRange range in ranges)
        {
            writer.WriteUInt48(range.First);
            writer.WriteUInt16(range.Count);
        }

        return true;
    }

    /// <summary>Appends as much padding as makes the message <paramref name="length"/> bytes long, without its trailer.</summary>
    /// <returns>False if there is no room, or the message is nearly as long already.</returns>
    public bool TryPad(int length)
    {
        int padding = length - Length - ControlMessage.FieldHeadLength;
        if (padding < 0 || !TryReserve(ControlField.Padding, padding, out _)) return false;
        _buffer.Slice(Length - padding, padding).Clear();
        return true;
    }

    // A writer over the field's value, which the caller fills completely.
    private bool TryReserve(ControlField field, int length, out WireWriter writer)
    {
        writer = default;
        if (length > _buffer.Length - Length - ControlMessage.FieldHeadLength) return false;
        writer = new WireWriter(_buffer.Slice(Length, ControlMessage.FieldHeadLength + length));
        writer.WriteByte((byte)field);
        writer.WriteUInt16((ushort)length);
        Length += ControlMessage.FieldHeadLength + length;
        MessageHeader.PatchSize(_buffer, Length);
        return true;
    }
}
