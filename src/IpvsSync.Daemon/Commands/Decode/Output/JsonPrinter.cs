using System.Text.Encodings.Web;
using System.Text.Json;
using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Daemon.Control;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

#pragma warning disable CA1001 // Closing would flush once more into a pipe that may be broken; the caller closes the output.

/// <summary>Prints one JSON object per line for each datagram, and nothing else.</summary>
internal sealed class JsonPrinter : IMessagePrinter
{
    private const int BufferSize = 32 * 1024;

    private readonly BufferedStream _output;
    private readonly Utf8JsonWriter _json;
    private readonly string _host = AnswerStamp.Host;

    /// <summary>Makes a printer that writes to <paramref name="output"/>, which the caller closes.</summary>
    public JsonPrinter(Stream output)
    {
        _output = new BufferedStream(output, BufferSize);
        // The output is not used in web pages: keep text readable.
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <inheritdoc/>
    public void Begin(in CapturedDatagram datagram, in MessageHead head)
    {
        StartLine(datagram);
        if (head.Refusal == Refusal.None)
        {
            _json.WriteNumber("syncVersion", (int)head.Version);
            _json.WriteNumber("syncId", head.SyncId);
            _json.WriteNumber("count", head.Count);
        }
        else
        {
            EntryJson.WriteRefusal(_json, head.Refusal, RefusalPlace.InHeader(head.Refusal), datagram.Bytes);
        }

        _json.WriteStartArray("entries");
    }

    /// <inheritdoc/>
    public void Entry(in EntryView entry) => EntryJson.Write(_json, entry);

    /// <inheritdoc/>
    public void End(in MessageTail tail)
    {
        _json.WriteEndArray();
        TailJson.Write(_json, tail);
        EndLine();
    }

    /// <inheritdoc/>
    public void Incomplete(in CapturedDatagram datagram)
    {
        StartLine(datagram);
        _json.WriteString("incomplete", datagram.Kind == DatagramKind.Cut ? "cut" : "fragment");
        _json.WriteNumber("from", datagram.Start);
        _json.WriteNumber("captured", datagram.Bytes.Length);
        EndLine();
    }

    /// <inheritdoc/>
    public void Finish(DecodeSummary summary)
    {
    }

    /// <inheritdoc/>
    public void Flush() => _output.Flush();

    private void StartLine(in CapturedDatagram datagram)
    {
        _json.WriteStartObject();
        _json.WriteNumber("packet", datagram.Packet);
        if (datagram.Time.IsKnown) _json.WriteString("time", $"{datagram.Time.ToString().Replace(' ', 'T')}Z");
        _json.WriteString("source", datagram.Source.ToString());
        _json.WriteString("group", datagram.Destination.ToString());
        _json.WriteNumber("bytes", datagram.Length);
    }

    private void EndLine()
    {
        // The time of a message is that of its capture.
        _json.WriteString("version", AnswerStamp.Version);
        _json.WriteString("host", _host);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.WriteByte((byte)'\n');
    }
}
