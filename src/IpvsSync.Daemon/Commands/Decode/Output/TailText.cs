using System.Globalization;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Writes what follows the last entry as text: a control message, unknown bytes, a trailer.</summary>
internal static class TailText
{
    private const int MostShown = 64;

    /// <summary>Writes a line for each part.</summary>
    public static void Write(TextWriter writer, in MessageTail tail)
    {
        if (tail.IsControl) WriteControl(writer, tail.Control());
        if (!tail.Unknown.IsEmpty) WriteUnknown(writer, tail.Unknown);
        if (tail.HasTrailer) WriteTrailer(writer, tail);
    }

    private static void WriteUnknown(TextWriter writer, ReadOnlySpan<byte> bytes) =>
        writer.WriteLine($"  trailer of {bytes.Length} {(bytes.Length == 1 ? "byte" : "bytes")}: {ByteText.Hex(bytes)}");

    private static void WriteTrailer(TextWriter writer, in MessageTail tail)
    {
        Trailer trailer = tail.Trailer;
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"  trailer: instance {trailer.Instance:x8}, "));
        writer.Write(trailer.Number == 0 ? "not numbered" : string.Create(CultureInfo.InvariantCulture, $"number {trailer.Number}"));
        writer.WriteLine(trailer.Type == TrailerType.Signed
            ? $", signed with key {trailer.KeyId}: {Convert.ToHexStringLower(tail.Tag)}{Verdict(tail.Verdict)}"
            : ", unsigned");
    }

    private static string Verdict(TagVerdict? verdict) => verdict switch
    {
        TagVerdict.Good => ", good",
        TagVerdict.Wrong => ", WRONG",
        TagVerdict.UnknownKey => ", no such key",
        _ => "",
    };

    private static void WriteControl(TextWriter writer, ControlReader reader)
    {
        writer.Write($"  {ControlNames.Of(reader.Kind)}");
        if (reader.Flags != 0) writer.Write(string.Create(CultureInfo.InvariantCulture, $", flags 0x{reader.Flags:x2}"));
        while (reader.Read(out ControlField field, out ReadOnlySpan<byte> value))
            writer.Write($", {ControlNames.Of(field)} {Text(FieldValue.Of(field, value))}");
        writer.WriteLine(reader.IsMalformed ? $"; byte {reader.Offset}: a field that reaches past the body" : "");
    }

    private static string Text(FieldValue value) => value.Shape switch
    {
        FieldShape.Malformed => $"malformed ({Cut(value.Text)})",
        FieldShape.Bytes => Cut(value.Text),
        FieldShape.Ranges => Ranges(value.Numbers),
        FieldShape.Sums => $"from cell {value.Numbers[0]}: {List(value.Numbers.Skip(1).Select(FieldValue.Hex))}",
        _ => List(value.Numbers.Select(Decimal)),
    };

    private static string Ranges(IReadOnlyList<ulong> numbers) => List(numbers.Chunk(2).Select(pair =>
        pair[1] == 1 ? Decimal(pair[0]) : $"{Decimal(pair[0])}-{Decimal(pair[0] + pair[1] - 1)}"));

    private static string List(IEnumerable<string> elements)
    {
        string[] all = [.. elements];
        if (all.Length == 0) return "none";
        string shown = string.Join(' ', all.Take(MostShown));
        return all.Length > MostShown ? $"{shown} ... ({all.Length})" : shown;
    }

    private static string Cut(string hex) =>
        hex.Length <= 2 * MostShown ? hex : $"{hex[..(2 * MostShown)]} ... ({hex.Length / 2} bytes)";

    private static string Decimal(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
