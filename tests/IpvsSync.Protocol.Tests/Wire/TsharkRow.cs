using System.Globalization;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The result of the reader under test for a message, in the columns of <see cref="Tshark.Fields"/>.</summary>
internal sealed class TsharkRow
{
    private readonly Dictionary<string, List<string>> _columns = Tshark.Fields.ToDictionary(field => field, _ => new List<string>());

    /// <summary>Reads the message; sequence data of version 0 in network order, as the dissector expects.</summary>
    internal static string Of(byte[] message)
    {
        var row = new TsharkRow();
        row.Read(message);
        return string.Join('|', Tshark.Fields.Select(field => string.Join(',', row._columns[field])));
    }

    private void Read(byte[] message)
    {
        var reader = new MessageReader(message, new ReaderOptions { V0SequenceBigEndian = true });
        Add("syncid", reader.SyncId);
        Add("size", message.Length);
        Add("conncount", reader.Count);
        if (reader.Version == SyncVersion.V1) Add("version", 1);
        while (reader.Read(out ConnectionEntry entry))
        {
            Assert.Equal(Refusal.None, reader.Refusal);
            AddEntry(entry);
            if (reader.Version == SyncVersion.V1) AddV1(entry, reader.WireFlags, message.AsSpan(reader.Offset));
            else AddV0(entry, reader.WireFlags);
        }
    }

    private void AddEntry(in ConnectionEntry entry)
    {
        Hex("proto", entry.Key.Protocol, 2);
        Add("cport", entry.Key.ClientPort);
        Add("vport", entry.Key.VirtualPort);
        Add("dport", entry.RealPort);
        string family = entry.Key.Family == IpFamily.IPv6 ? "6" : "";
        Add($"caddr{family}", entry.Key.Client.ToString(entry.Key.Family));
        Add($"vaddr{family}", entry.Key.Virtual.ToString(entry.Key.Family));
        Add($"daddr{family}", entry.Real.ToString(entry.Key.Family));
        Hex("state", entry.State, 4);
    }

    private void AddV0(in ConnectionEntry entry, ConnectionFlags flags)
    {
        Hex("flags", (uint)flags, 4);
        if (!entry.HasSequence) return;
        Hex("in_seq.initial", entry.Sequence.InInitSeq, 8);
        Hex("in_seq.delta", entry.Sequence.InDelta, 8);
        Hex("in_seq.pdelta", entry.Sequence.InPreviousDelta, 8);
        Hex("out_seq.initial", entry.Sequence.OutInitSeq, 8);
        Hex("out_seq.delta", entry.Sequence.OutDelta, 8);
        Hex("out_seq.pdelta", entry.Sequence.OutPreviousDelta, 8);
    }

    private void AddV1(in ConnectionEntry entry, ConnectionFlags flags, ReadOnlySpan<byte> bytes)
    {
        Add("type", bytes[0]);
        Add("ver", 0);
        Add("size.v1", ((bytes[2] & 0x0F) << 8) | bytes[3]);
        Hex("flags.v1", (uint)flags, 8);
        Hex("fwmark", entry.Fwmark, 8);
        Add("timeout", entry.Timeout);
    }

    private void Hex(string field, uint value, int digits) =>
        Add(field, "0x" + value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private void Add(string field, object value) => _columns["ipvs." + field].Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
}
