using System.Globalization;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The value of a field, decoded to be printed.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Text">The bytes in hexadecimal; empty if the value is numbers.</param>
/// <param name="Numbers">The numbers; for ranges first and count by turns, for sums the first cell before them.</param>
internal readonly record struct FieldValue(FieldShape Shape, string Text, IReadOnlyList<ulong> Numbers)
{
    private const int ShortestNonce = 8;
    private const int LongestNonce = 16;

    /// <summary>Decodes a value; a known field of a wrong length or content becomes <see cref="FieldShape.Malformed"/>.</summary>
    public static FieldValue Of(ControlField field, ReadOnlySpan<byte> value) => field switch
    {
        ControlField.Target or ControlField.Run or ControlField.Echo => Bytes(value, value.Length == sizeof(uint)),
        ControlField.Cursor => Bytes(value, value.Length == sizeof(ulong)),
        ControlField.Nonce => Bytes(value, value.Length is >= ShortestNonce and <= LongestNonce),
        ControlField.Highest => ControlValue.TryReadNumber(value, out ulong number) ? Number(number) : Malformed(value),
        ControlField.Reason or ControlField.Outcome => ControlValue.TryReadByte(value, out byte one) ? Number(one) : Malformed(value),
        ControlField.Ranges => Ranges(value),
        ControlField.Counts => Words(value, FieldShape.List, []),
        ControlField.Sums => Sums(value),
        ControlField.Cells => Cells(value),
        ControlField.Padding => Number((ulong)value.Length),
        _ => Bytes(value, isGood: true),
    };

    /// <summary>A sum as text.</summary>
    public static string Hex(ulong sum) => sum.ToString("x16", CultureInfo.InvariantCulture);

    private static FieldValue Bytes(ReadOnlySpan<byte> value, bool isGood) =>
        new(isGood ? FieldShape.Bytes : FieldShape.Malformed, Convert.ToHexStringLower(value), []);

    private static FieldValue Malformed(ReadOnlySpan<byte> value) => Bytes(value, isGood: false);

    private static FieldValue Number(ulong number) => new(FieldShape.Number, "", [number]);

    private static FieldValue Ranges(ReadOnlySpan<byte> value)
    {
        List<ulong> numbers = [];
        ReadOnlySpan<byte> rest = value;
        while (ControlValue.TryReadRange(ref rest, out NumberRange range)) numbers.AddRange(range.First, range.Count);
        return rest.IsEmpty ? new FieldValue(FieldShape.Ranges, "", numbers) : Malformed(value);
    }

    private static FieldValue Sums(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = value;
        return ControlValue.TryTakeUInt16(ref rest, out ushort first) ? Words(rest, FieldShape.Sums, [first]) : Malformed(value);
    }

    private static FieldValue Cells(ReadOnlySpan<byte> value)
    {
        List<ulong> numbers = [];
        ReadOnlySpan<byte> rest = value;
        while (ControlValue.TryTakeUInt16(ref rest, out ushort cell)) numbers.Add(cell);
        return rest.IsEmpty ? new FieldValue(FieldShape.List, "", numbers) : Malformed(value);
    }

    private static FieldValue Words(ReadOnlySpan<byte> value, FieldShape shape, List<ulong> numbers)
    {
        ReadOnlySpan<byte> rest = value;
        while (ControlValue.TryTakeUInt64(ref rest, out ulong number)) numbers.Add(number);
        return rest.IsEmpty ? new FieldValue(shape, "", numbers) : Malformed(value);
    }
}
