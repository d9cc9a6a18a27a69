using System.Globalization;
using System.Text.Json;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Writes what follows the last entry as properties of the message's object.</summary>
internal static class TailJson
{
    /// <summary>
    /// Writes <c>control</c>, <c>trailer</c> for unknown bytes and <c>extension</c> for a known trailer, each only if there is one.
    /// </summary>
    public static void Write(Utf8JsonWriter json, in MessageTail tail)
    {
        if (tail.IsControl) WriteControl(json, tail.Control());
        if (!tail.Unknown.IsEmpty) json.WriteString("trailer", Convert.ToHexStringLower(tail.Unknown));
        if (tail.HasTrailer) WriteExtension(json, tail);
    }

    private static void WriteExtension(Utf8JsonWriter json, in MessageTail tail)
    {
        Trailer trailer = tail.Trailer;
        json.WriteStartObject("extension");
        json.WriteString("instance", trailer.Instance.ToString("x8", CultureInfo.InvariantCulture));
        json.WriteNumber("number", trailer.Number);
        json.WriteString("type", trailer.Type.ToString());
        if (trailer.Type == TrailerType.Signed)
        {
            json.WriteNumber("keyId", trailer.KeyId);
            json.WriteString("tag", Convert.ToHexStringLower(tail.Tag));
            if (tail.Verdict is { } verdict) json.WriteString("verdict", verdict.ToString());
        }

        json.WriteEndObject();
    }

    private static void WriteControl(Utf8JsonWriter json, ControlReader reader)
    {
        json.WriteStartObject("control");
        json.WriteString("kind", ControlNames.Of(reader.Kind));
        json.WriteNumber("kindNumber", (byte)reader.Kind);
        json.WriteNumber("flags", reader.Flags);
        json.WriteStartArray("fields");
        while (reader.Read(out ControlField field, out ReadOnlySpan<byte> value)) WriteField(json, reader.Offset, field, value);
        json.WriteEndArray();
        if (reader.IsMalformed) json.WriteNumber("malformedAt", reader.Offset);
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, int offset, ControlField field, ReadOnlySpan<byte> bytes)
    {
        json.WriteStartObject();
        json.WriteNumber("offset", offset);
        json.WriteString("field", ControlNames.Of(field));
        json.WriteNumber("fieldNumber", (byte)field);
        WriteValue(json, FieldValue.Of(field, bytes));
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, FieldValue value)
    {
        switch (value.Shape)
        {
            case FieldShape.Malformed: json.WriteString("malformed", value.Text); break;
            case FieldShape.Bytes: json.WriteString("value", value.Text); break;
            case FieldShape.Number: json.WriteNumber("value", value.Numbers[0]); break;
            case FieldShape.Ranges: WriteRanges(json, value.Numbers); break;
            case FieldShape.Sums: WriteSums(json, value.Numbers); break;
            default: WriteList(json, value.Numbers); break;
        }
    }

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<ulong> numbers)
    {
        json.WriteStartArray("value");
        foreach (ulong number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteRanges(Utf8JsonWriter json, IReadOnlyList<ulong> numbers)
    {
        json.WriteStartArray("value");
        foreach (ulong[] pair in numbers.Chunk(2))
        {
            json.WriteStartObject();
            json.WriteNumber("first", pair[0]);
            json.WriteNumber("count", pair[1]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Sums need all 64 bits, which many readers of JSON do not keep in a number.
    private static void WriteSums(Utf8JsonWriter json, IReadOnlyList<ulong> numbers)
    {
        json.WriteNumber("firstCell", numbers[0]);
        json.WriteStartArray("value");
        foreach (ulong sum in numbers.Skip(1)) json.WriteStringValue(FieldValue.Hex(sum));
        json.WriteEndArray();
    }
}
