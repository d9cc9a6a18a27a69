using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Reads the messages of datagrams and passes their parts to a printer. For one thread.</summary>
internal sealed class DatagramPrinter(IMessagePrinter printer, ReaderOptions options, DecodeSummary summary, TagChecker tags)
{
    private readonly StateMemory _states = new();

    /// <summary>Prints one datagram: its message, or those of its segments if it was captured before the kernel split them.</summary>
    public void Print(in CapturedDatagram datagram)
    {
        if (datagram.Kind != DatagramKind.Whole)
        {
            summary.Incomplete++;
            printer.Incomplete(datagram);
            return;
        }

        ReadOnlySpan<byte> rest = datagram.Bytes;
        int length = SegmentedPacket.SegmentLength(rest);
        do
        {
            ReadOnlySpan<byte> segment = rest[..Math.Min(length, rest.Length)];
            rest = rest[segment.Length..];
            PrintMessage(datagram.Part(segment));
        }
        while (!rest.IsEmpty);
    }

    private void PrintMessage(in CapturedDatagram datagram)
    {
        summary.Messages++;
        var reader = new MessageReader(datagram.Bytes, options);
        bool any = reader.Read(out ConnectionEntry entry);
        Refusal refusal = any && reader.Refusal.Scope() == RefusalScope.Message ? reader.Refusal : Refusal.None;
        printer.Begin(datagram, new MessageHead(reader.Version, reader.SyncId, reader.Count, refusal));
        if (refusal != Refusal.None)
        {
            summary.RefusedMessages++;
            printer.End(default);
            return;
        }

        for (; any; any = reader.Read(out entry)) PrintEntry(datagram, reader, entry);
        var tail = new MessageTail(datagram.Bytes, reader.Trailer);
        if (tail.HasTrailer) tail.Verdict = tags.Check(datagram);
        if (tail.IsControl) summary.ControlMessages++;
        printer.End(tail);
    }

    private void PrintEntry(in CapturedDatagram datagram, scoped in MessageReader reader, in ConnectionEntry entry)
    {
        summary.Entries++;
        if (reader.Refusal != Refusal.None) summary.RefusedEntries++;
        printer.Entry(new EntryView
        {
            Version = reader.Version,
            Offset = reader.Offset,
            Entry = entry,
            WireFlags = reader.WireFlags,
            Persistence = reader.Persistence,
            Refusal = reader.Refusal,
            Datagram = datagram.Bytes,
            Step = reader.Refusal == Refusal.None ? _states.Note(entry, datagram.Time) : default,
        });
    }
}
