using System.Text;
using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

#pragma warning disable CA1001 // Closing would flush once more into a pipe that may be broken; the caller closes the output.

/// <summary>Prints text: a line for each message, a line for each entry and one for each rare part of an entry.</summary>
internal sealed class TextPrinter(Stream output) : IMessagePrinter
{
    private const int BufferSize = 32 * 1024;

    private readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize)
    {
        NewLine = "\n",
    };

    /// <inheritdoc/>
    public void Begin(in CapturedDatagram datagram, in MessageHead head)
    {
        Route(datagram);
        if (head.Refusal == Refusal.None)
        {
            _writer.WriteLine(
                $"version {(int)head.Version}, sync id {head.SyncId}, {Counted(head.Count, "entry", "entries")}, {datagram.Length} bytes");
            return;
        }

        _writer.WriteLine($"{datagram.Length} bytes");
        Refused(head.Refusal, RefusalPlace.InHeader(head.Refusal), datagram.Bytes, "  ");
    }

    /// <inheritdoc/>
    public void Entry(in EntryView entry)
    {
        _writer.Write($"  @{entry.Offset} ");
        if (entry.Refusal == Refusal.None) EntryText.Write(_writer, entry);
        else Refused(entry.Refusal, RefusalPlace.InEntry(entry), entry.Bytes, "");
    }

    /// <inheritdoc/>
    public void End(in MessageTail tail) => TailText.Write(_writer, tail);

    /// <inheritdoc/>
    public void Incomplete(in CapturedDatagram datagram)
    {
        Route(datagram);
        int end = datagram.Start + datagram.Bytes.Length;
        if (datagram.Kind == DatagramKind.Cut)
            _writer.WriteLine($"cut by the capture: {datagram.Bytes.Length} of {datagram.Length} bytes; not decoded");
        else if (datagram.Start == 0)
            _writer.WriteLine($"first fragment: {end} of {datagram.Length} bytes; fragments are not put together, not decoded");
        else _writer.WriteLine($"later fragment: bytes {datagram.Start} to {end - 1}; not decoded");
    }

    /// <inheritdoc/>
    public void Finish(DecodeSummary summary) => _writer.WriteLine(summary.ToString());

    /// <inheritdoc/>
    public void Flush() => _writer.Flush();

    private void Route(in CapturedDatagram datagram)
    {
        string source = datagram.Source.Port == 0 ? datagram.Source.AddressText : datagram.Source.ToString();
        string target = datagram.Destination.Port == 0 ? datagram.Destination.AddressText : datagram.Destination.ToString();
        _writer.Write($"{datagram.Time} {source} > {target}: ");
    }

    private void Refused(Refusal refusal, int place, ReadOnlySpan<byte> bytes, string indent)
    {
        _writer.WriteLine(
            $"{indent}refused at byte {place}: {RefusalText.Words(refusal)}; {RefusalText.Loss(refusal.Scope())} ({refusal})");
        if (!bytes.IsEmpty) _writer.WriteLine($"{EntryText.Indent}bytes {ByteText.Hex(bytes)}");
    }

    private static string Counted(int count, string one, string many) => count switch
    {
        0 => $"no {many}",
        1 => $"1 {one}",
        _ => $"{count} {many}",
    };
}
