using System.Text.Json;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>Writes an entry as a JSON object.</summary>
internal static class EntryJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, in EntryView view)
    {
        json.WriteStartObject();
        json.WriteNumber("offset", view.Offset);
        if (view.Refusal == Refusal.None) WriteGood(json, view);
        else WriteRefusal(json, view.Refusal, RefusalPlace.InEntry(view), view.Bytes);
        json.WriteEndObject();
    }

    /// <summary>Writes the property with a refusal.</summary>
    public static void WriteRefusal(Utf8JsonWriter json, Refusal refusal, int place, ReadOnlySpan<byte> bytes)
    {
        json.WriteStartObject("refused");
        json.WriteString("reason", refusal.ToString());
        json.WriteString("lost", refusal.Scope().ToString());
        json.WriteNumber("at", place);
        json.WriteString("text", RefusalText.Words(refusal));
        json.WriteString("bytes", Convert.ToHexStringLower(bytes));
        json.WriteEndObject();
    }

    private static void WriteGood(Utf8JsonWriter json, in EntryView view)
    {
        ConnectionEntry entry = view.Entry;
        json.WriteString("protocol", IpProtocol.Name(entry.Key.Protocol));
        json.WriteBoolean("template", entry.Key.IsTemplate);
        json.WriteString("source", EntryParts.Client(entry).ToString());
        if (EntryParts.ServiceMark(entry) is { } mark) json.WriteNumber("virtualMark", mark);
        else json.WriteString("virtual", EntryParts.Virtual(entry).ToString());
        json.WriteString("destination", EntryParts.Real(entry).ToString());
        WriteState(json, view);
        if (view.Version == SyncVersion.V1)
        {
            json.WriteNumber("timeout", entry.Timeout);
            json.WriteNumber("fwmark", entry.Fwmark);
        }

        WriteFlags(json, view.WireFlags);
        if (entry.HasSequence) WriteSequence(json, entry.Sequence);
        WritePersistence(json, view.Persistence);
        WriteOptions(json, view.Options);
    }

    private static void WriteState(Utf8JsonWriter json, in EntryView view)
    {
        json.WriteString("state", EntryParts.State(view.Entry, view.Entry.State));
        json.WriteNumber("stateNumber", view.Entry.State);
        if (view.Step.Kind == StateStepKind.First) return;
        json.WriteString("stateBefore", EntryParts.State(view.Entry, view.Step.Before));
        if (view.Step.Seconds is { } seconds) json.WriteNumber("secondsSince", Math.Round(seconds, 6));
    }

    private static void WriteFlags(Utf8JsonWriter json, ConnectionFlags flags)
    {
        json.WriteNumber("flagBits", (uint)flags);
        json.WriteStartArray("flags");
        foreach (string name in FlagNames.Of(flags)) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteSequence(Utf8JsonWriter json, in SequenceData sequence)
    {
        json.WriteStartObject("sequence");
        json.WriteNumber("inInitSeq", sequence.InInitSeq);
        json.WriteNumber("inDelta", (int)sequence.InDelta);
        json.WriteNumber("inPreviousDelta", (int)sequence.InPreviousDelta);
        json.WriteNumber("outInitSeq", sequence.OutInitSeq);
        json.WriteNumber("outDelta", (int)sequence.OutDelta);
        json.WriteNumber("outPreviousDelta", (int)sequence.OutPreviousDelta);
        json.WriteEndObject();
    }

    private static void WritePersistence(Utf8JsonWriter json, PersistenceData persistence)
    {
        if (persistence.Engine.IsEmpty) return;
        json.WriteStartObject("persistence");
        json.WriteString("engine", ByteText.Escaped(persistence.Engine));
        json.WriteString("data", ByteText.Escaped(persistence.Data));
        json.WriteString("dataBytes", Convert.ToHexStringLower(persistence.Data));
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, OptionWalker options)
    {
        bool any = false;
        while (options.MoveNext())
        {
            if (options.IsKnown) continue;
            if (!any) json.WriteStartArray("unknownOptions");
            any = true;
            json.WriteStartObject();
            json.WriteNumber("offset", options.Offset);
            json.WriteNumber("type", options.Type);
            json.WriteString("data", Convert.ToHexStringLower(options.Data));
            json.WriteEndObject();
        }

        if (any) json.WriteEndArray();
    }
}
