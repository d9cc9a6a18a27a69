namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// Decodes the values of fields. A single value must have exactly its length. A list is taken from the front, element by element: false at
/// its end, where nothing is left of it, and at bytes that are no element, where they are left.
/// </summary>
public static class ControlValue
{
    /// <summary>Decodes 1 byte: reason, outcome.</summary>
    public static bool TryReadByte(ReadOnlySpan<byte> value, out byte result)
    {
        bool fits = value.Length == 1;
        result = fits ? value[0] : (byte)0;
        return fits;
    }

    /// <summary>Decodes 4 bytes: target, run, echo.</summary>
    public static bool TryReadUInt32(ReadOnlySpan<byte> value, out uint result)
    {
        bool fits = value.Length == sizeof(uint);
        result = fits ? new WireReader(value).ReadUInt32() : 0;
        return fits;
    }

    /// <summary>Decodes 8 bytes: cursor.</summary>
    public static bool TryReadUInt64(ReadOnlySpan<byte> value, out ulong result)
    {
        bool fits = value.Length == sizeof(ulong);
        result = fits ? new WireReader(value).ReadUInt64() : 0;
        return fits;
    }

    /// <summary>Decodes a number of 6 bytes: highest.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> value, out ulong number)
    {
        bool fits = value.Length == 6;
        number = fits ? new WireReader(value).ReadUInt48() : 0;
        return fits;
    }

    /// <summary>Takes a range from the front of a list; only valid ones (<see cref="NumberRange.IsValid"/>).</summary>
    public static bool TryReadRange(ref ReadOnlySpan<byte> value, out NumberRange range)
    {
        range = default;
        if (value.Length < NumberRange.WireLength) return false;
        var reader = new WireReader(value);
        ulong first = reader.ReadUInt48();
        var read = new NumberRange(first, reader.ReadUInt16());
        if (!read.IsValid) return false;
        range = read;
        value = value[NumberRange.WireLength..];
        return true;
    }

    /// <summary>Takes 8 bytes from the front of a list: counts, and sums behind their first cell.</summary>
    public static bool TryTakeUInt64(ref ReadOnlySpan<byte> value, out ulong result)
    {
        result = 0;
        if (value.Length < sizeof(ulong)) return false;
        result = new WireReader(value).ReadUInt64();
        value = value[sizeof(ulong)..];
        return true;
    }

    /// <summary>Takes 2 bytes from the front of a list: cells, and the first cell of sums.</summary>
    public static bool TryTakeUInt16(ref ReadOnlySpan<byte> value, out ushort result)
    {
        result = 0;
        if (value.Length < sizeof(ushort)) return false;
        result = new WireReader(value).ReadUInt16();
        value = value[sizeof(ushort)..];
        return true;
    }
}
