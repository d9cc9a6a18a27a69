using System.Globalization;
using System.Text;
using System.Text.Json;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Connections in the columns of <c>ipvsadm -Lnc</c>, for scripts that parse them.</summary>
internal static class ConnectionText
{
    private const int PieceLength = 4096;

    /// <summary>Writes the two heading lines.</summary>
    public static void WriteHeader(TextWriter output)
    {
        output.WriteLine("IPVS connection entries");
        output.WriteLine("pro expire state       source             virtual            destination");
    }

    /// <summary>Writes lines as they are.</summary>
    public static void Copy(ReadOnlySpan<byte> lines, TextWriter output)
    {
        Span<char> text = stackalloc char[PieceLength];
        for (int count; lines.Length > 0; lines = lines[count..])
        {
            count = Math.Min(lines.Length, text.Length);
            output.Write(text[..Encoding.ASCII.GetChars(lines[..count], text)]);
        }
    }

    /// <summary>Writes lines of JSON as columns.</summary>
    /// <exception cref="JsonException">One is not the JSON of a connection.</exception>
    public static void WriteAll(ReadOnlySpan<byte> lines, TextWriter output)
    {
        foreach (Range line in lines.Split((byte)'\n'))
        {
            if (!lines[line].IsEmpty)
                Write(JsonSerializer.Deserialize(lines[line], ControlJson.Default.ConnectionAnswer)!, output);
        }
    }

    /// <summary>Writes one line.</summary>
    public static void Write(ConnectionAnswer connection, TextWriter output)
    {
        string expires = string.Create(CultureInfo.InvariantCulture, $"{connection.Expires / 60:00}:{connection.Expires % 60:00}");
        output.WriteLine(
            $"{connection.Protocol,-3} {expires,-6} {connection.State,-11} {connection.Source,-18} {connection.Virtual,-18} {connection.Destination}");
    }
}
