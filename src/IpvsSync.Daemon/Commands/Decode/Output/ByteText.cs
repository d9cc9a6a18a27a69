using System.Globalization;
using System.Text;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Formats received bytes so that they cannot harm a terminal.</summary>
internal static class ByteText
{
    private const int MostShown = 64;

    /// <summary>The bytes in hexadecimal, <c>68 65 6c</c>; only the first ones if there are many.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte value in bytes[..Math.Min(bytes.Length, MostShown)])
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : " ")}{value:x2}");
        if (bytes.Length > MostShown) text.Append(CultureInfo.InvariantCulture, $" ... ({bytes.Length} bytes)");
        return text.ToString();
    }

    /// <summary>Printable ASCII unchanged, all other bytes as <c>\x0a</c>.</summary>
    public static string Escaped(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            if (value is >= (byte)' ' and <= (byte)'~' and not ((byte)'\\' or (byte)'"')) text.Append((char)value);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }

        return text.ToString();
    }
}
