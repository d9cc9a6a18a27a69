using System.Globalization;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>
/// Formats entries as text, with everything that a message of their version carries: the flags are those on the wire, including NFCT,
/// because no namespace here tracks connections.
/// </summary>
internal static class Entries
{
    private static readonly ReaderOptions _options = new() { SyncId = RealDirector.SyncId, Profile = ReaderProfile.Kernel61176 };

    /// <summary>The entries of datagrams, in order.</summary>
    public static IEnumerable<string> Of(IEnumerable<byte[]> datagrams) => datagrams.SelectMany(Read);

    /// <summary>The text that a predicted entry would have on the wire.</summary>
    public static string Of(in ConnectionEntry entry, SyncVersion version)
    {
        byte[] message = new byte[128];
        var writer = MessageWriter.Start(message, version, RealDirector.SyncId);
        Refusal refusal = writer.TryWrite(entry);
        return refusal == Refusal.None ? Read(message[..writer.Length]).Single() : $"cannot be written: {refusal}";
    }

    private static List<string> Read(byte[] datagram)
    {
        List<string> texts = [];
        var reader = new MessageReader(datagram, _options);
        while (reader.Read(out ConnectionEntry entry))
            texts.Add(reader.Refusal == Refusal.None ? Text(entry, reader.WireFlags) : $"refused: {reader.Refusal}");
        return texts;
    }

    private static string Text(in ConnectionEntry entry, ConnectionFlags flags) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Key} via {entry.Real.ToString(entry.Key.Family)}:{entry.RealPort} flags {(uint)flags:X5} " +
        $"{ConnectionState.Name(entry.Key.Protocol, entry.State, entry.Key.IsTemplate)} timeout {entry.Timeout} mark {entry.Fwmark}" +
        $"{(entry.HasSequence ? " sequence" : "")}");
}
