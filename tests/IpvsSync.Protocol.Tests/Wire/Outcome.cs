using System.Text;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>A reader's result for one entry, with copies of the spans.</summary>
internal sealed record Outcome(Refusal Refusal, ConnectionEntry Entry, int Offset, ConnectionFlags WireFlags, string Engine, string Data)
{
    internal static List<Outcome> ReadAll(ReadOnlySpan<byte> message, ReaderOptions options = default)
    {
        var outcomes = new List<Outcome>();
        var reader = new MessageReader(message, options);
        while (reader.Read(out ConnectionEntry entry))
        {
            outcomes.Add(new Outcome(
                reader.Refusal, entry, reader.Offset, reader.WireFlags,
                Encoding.Latin1.GetString(reader.Persistence.Engine), Encoding.Latin1.GetString(reader.Persistence.Data)));
        }

        return outcomes;
    }

    internal static Refusal[] Refusals(ReadOnlySpan<byte> message, ReaderOptions options = default) =>
        [.. ReadAll(message, options).Select(outcome => outcome.Refusal)];
}
