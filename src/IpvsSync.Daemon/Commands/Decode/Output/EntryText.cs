using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Writes a valid entry as text.</summary>
internal static class EntryText
{
    /// <summary>The indent of an entry's further lines.</summary>
    public const string Indent = "       ";

    /// <summary>Writes the entry to the end of the line, with further lines for rare parts.</summary>
    public static void Write(TextWriter writer, in EntryView view)
    {
        ConnectionEntry entry = view.Entry;
        writer.Write($"{IpProtocol.Name(entry.Key.Protocol)} {EntryParts.Client(entry)} -> ");
        writer.Write(EntryParts.ServiceMark(entry) is { } mark ? $"fwmark {mark}" : EntryParts.Virtual(entry).ToString());
        writer.Write($" -> {EntryParts.Real(entry)} {(entry.Key.IsTemplate ? "template " : "")}{State(view)}");
        if (view.Version == SyncVersion.V1) writer.Write(entry.Timeout == 0 ? ", default timeout" : $", timeout {entry.Timeout} s");
        if (entry.Fwmark != 0) writer.Write($", mark {entry.Fwmark}");
        writer.WriteLine($", flags 0x{(uint)view.WireFlags:x4} {string.Join(' ', FlagNames.Of(view.WireFlags))}");
        if (entry.HasSequence) WriteSequence(writer, entry.Sequence);
        WritePersistence(writer, view.Persistence);
        WriteOptions(writer, view.Options);
    }

    private static string State(in EntryView view)
    {
        string state = EntryParts.State(view.Entry, view.Entry.State);
        string time = view.Step.Seconds is { } seconds ? FormattableString.Invariant($" after {seconds:0.000} s") : "";
        return view.Step.Kind switch
        {
            StateStepKind.Again => $"{state} again{time}",
            StateStepKind.Change => $"{EntryParts.State(view.Entry, view.Step.Before)} => {state}{time}",
            _ => state,
        };
    }

    private static void WriteSequence(TextWriter writer, in SequenceData sequence)
    {
        writer.WriteLine($"{Indent}sequence of requests: {Shift(sequence.InInitSeq, sequence.InDelta, sequence.InPreviousDelta)}");
        writer.WriteLine($"{Indent}sequence of replies: {Shift(sequence.OutInitSeq, sequence.OutDelta, sequence.OutPreviousDelta)}");
    }

    private static string Shift(uint start, uint delta, uint before) =>
        FormattableString.Invariant($"{(int)delta:+0;-0;0} after {start} (0x{start:x8}), {(int)before:+0;-0;0} before");

    private static void WritePersistence(TextWriter writer, PersistenceData persistence)
    {
        if (persistence.Engine.IsEmpty) return;
        string data = persistence.IsEmpty ? "without data" : $"\"{ByteText.Escaped(persistence.Data)}\"";
        writer.WriteLine($"{Indent}persistence engine {ByteText.Escaped(persistence.Engine)}: {data}");
    }

    private static void WriteOptions(TextWriter writer, OptionWalker options)
    {
        while (options.MoveNext())
        {
            if (!options.IsKnown)
                writer.WriteLine($"{Indent}unknown option 0x{options.Type:x2} @{options.Offset}, ignorable: {ByteText.Hex(options.Data)}");
        }
    }
}
