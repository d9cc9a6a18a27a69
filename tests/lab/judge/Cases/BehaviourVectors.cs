using IpvsSync.Protocol.Wire;
using static IpvsSync.Lab.Judge.Cases.Bytes;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Every row of spec §11.1 and the neighbours of each limit: an odd entry, and a valid one after it.</summary>
internal static class BehaviourVectors
{
    private const string Sequence = "11223344 00000005 00000002 55667788 00000005 00000002";
    private const string Name = "03 03 736970";
    private const string Data = "02 02 6162";
    private const string RecordGood = "TCP C6336407 9C42 CB00710A 0050 0A00000B 1F90 ESTABLISHED";

    private static readonly byte[] _templateState2 = With((6, 0x10), (9, 2));
    private static readonly byte[] _onePacket = With((6, 0x20));
    private static readonly byte[] _templateWithoutPort = With((6, 0x18));

    // The result for the odd entry; with Stop the valid one is lost too.
    private enum Fate
    {
        Applied,
        Dropped,
        Stop,
    }

    /// <summary>All rows, with the result for a kernel of this generation.</summary>
    public static Vector[] For(ReaderProfile generation) =>
    [
        .. Always,
        .. generation == ReaderProfile.Kernel61176 ? StatesAccepted : StatesRefused,
        .. generation == ReaderProfile.Hardened2026 ? FlagsRefused : FlagsAccepted,
    ];

    private static Vector[] Always =>
    [
        Row("type 2", With((0, 2)), Fate.Stop),
        Row("type 2 with IPv6 layout", [2, .. Hex(MessageVectors.EntryE)[1..]], Fate.Stop),
        Row("type 3 with IPv6 layout", [3, .. Hex(MessageVectors.EntryE)[1..]], Fate.Applied, MessageVectors.RecordE),
        Row("type 1, length 36", With((0, 1)), Fate.Stop),
        Row("entry version nibble 1", With((2, 0x10)), Fate.Stop),
        Row("length field 20", With((3, 20)), Fate.Stop),
        Row("length field 0", With((3, 0)), Fate.Stop),
        Row("length field 35", With((3, 35)), Fate.Stop),
        Row("length past the message", With((2, 0x0F)), Fate.Stop),
        Row("option 0x05", Options("05 01 00"), Fate.Dropped),
        Row("option 0x00", Options("00 01 00"), Fate.Dropped),
        Row("option 0x45", Options("45 01 00"), Fate.Applied),
        Row("option 0xC5", Options("C5 01 00"), Fate.Applied),
        Row("option 0x40", Options("40 01 00"), Fate.Applied),
        Row("option 0xC1", Options("C1 01 00"), Fate.Applied),
        Row("option 0x45 twice", Options("45 01 00 45 01 00"), Fate.Applied),
        Row("option 0x81", Options("81 01 00"), Fate.Dropped),
        Row("option 0x85", Options("85 01 00"), Fate.Dropped),
        Row("option length 0", Options("45 00"), Fate.Stop),
        Row("option data past the entry's end", Options("45 05 00"), Fate.Stop),
        Row("option data one byte past the entry's end", Options("45 02 00"), Fate.Stop),
        Row("a single stray byte", Options("45"), Fate.Stop),
        Row("a single stray byte behind an option", Options("45 01 00 45"), Fate.Stop),
        Row("mandatory option before a broken one", Options("05 01 00 45 00"), Fate.Dropped),
        Row("SEQ_DATA length 20", Options("01 14" + Sequence[..44]), Fate.Stop),
        Row("SEQ_DATA length 25", Options("01 19" + Sequence + "00"), Fate.Stop),
        Row("SEQ_DATA twice", Options("01 18" + Sequence + "01 18" + Sequence), Fate.Stop),
        Row("SEQ_DATA as 1 and 0x41", Options("01 18" + Sequence + "41 18" + Sequence), Fate.Stop),
        Row("PE_DATA twice", Options(Data + Data + Name), Fate.Stop),
        Row("PE_NAME twice", Options(Data + Name + Name), Fate.Stop),
        Row("SEQ_DATA as 0x41", Options("41 18" + Sequence), Fate.Applied),
        Row("SEQ_DATA without its flags", Options("01 18" + Sequence), Fate.Applied),
        Row("PE_DATA without PE_NAME", Options(Data), Fate.Dropped),
        Row("unknown engine", Options(Data + "03 03 787878"), Fate.Dropped),
        Row("PE_NAME alone", Options(Name), Fate.Applied),
        Row("PE_NAME before PE_DATA", Options(Name + Data), Fate.Applied),
        Row("PE_NAME and PE_DATA as 0x43 and 0x42", Options("43 03 736970 42 02 6162"), Fate.Applied),
        Row("PE_NAME of 16 bytes", Options("03 10" + new string('6', 32)), Fate.Applied),
        Row("PE_NAME of 17 bytes", Options("03 11" + new string('6', 34)), Fate.Stop),
        Row("protocol 99", With((1, 99)), Fate.Dropped),
        Row("protocol 0, not a template", With((1, 0)), Fate.Dropped),
        Row("TCP state 10", With((9, 10)), Fate.Applied, Odd("TCP", "SYNACK")),
        Row("TCP state 11", With((9, 11)), Fate.Dropped),
        Row("TCP state 257", With((8, 1)), Fate.Dropped),
        Row("UDP state 1", With((1, 17)), Fate.Dropped),
        Row("SCTP state 13", With((1, 132), (9, 13)), Fate.Applied, Odd("SCTP", "CLOSED")),
        Row("SCTP state 14", With((1, 132), (9, 14)), Fate.Dropped),
        Row("AH state 0", With((1, 51), (9, 0)), Fate.Applied, Odd("IP_51", "ERR!")),
        Row("AH state 1", With((1, 51)), Fate.Dropped),
        Row("ESP state 1", With((1, 50)), Fate.Dropped),
        Row("template of protocol 99", With((1, 99), (6, 0x10)), Fate.Applied, Odd("IP_99", "ASSURED")),
        Unpadded(),
        new("pad bytes of any value", Message([.. Options("45 01 00"), 0xFF]), [MessageVectors.RecordC, RecordGood], "applied; good applied"),
    ];

    // Spec §9.3: the same entries before and after each part of the hardening.
    private static Vector[] StatesAccepted =>
    [
        Row("template state 2, accepted", _templateState2, Fate.Applied, Odd("TCP", "ERR!")),
        RowV0("template state 2 in version 0, accepted", 0x1000, 2, Fate.Applied, Odd("TCP", "ERR!")),
    ];

    private static Vector[] StatesRefused =>
    [
        Row("template state 2, refused", _templateState2, Fate.Dropped),
        RowV0("template state 2 in version 0, refused", 0x1000, 2, Fate.Dropped),
        RowV0("template state 1 in version 0", 0x1000, 1, Fate.Applied, Odd("TCP", "ASSURED")),
    ];

    private static Vector[] FlagsAccepted =>
    [
        Row("ONE_PACKET in version 1, accepted", _onePacket, Fate.Applied),
        Row("NO_CPORT with TEMPLATE, accepted", _templateWithoutPort, Fate.Applied, Odd("TCP", "ASSURED")),
        RowV0("NO_CPORT with TEMPLATE in version 0, accepted", 0x1800, 1, Fate.Applied, Odd("TCP", "ASSURED")),
    ];

    private static Vector[] FlagsRefused =>
    [
        Row("ONE_PACKET in version 1, refused", _onePacket, Fate.Dropped),
        Row("NO_CPORT with TEMPLATE, refused", _templateWithoutPort, Fate.Dropped),
        RowV0("ONE_PACKET in version 0, refused", 0x2000, 1, Fate.Dropped),
        RowV0("NO_CPORT with TEMPLATE in version 0, refused", 0x1800, 1, Fate.Dropped),
    ];

    private static byte[] Good => With((11, 0x42));

    private static Vector Row(string name, byte[] first, Fate fate, string record = MessageVectors.RecordC) => Expect(name, V1(first, Good), fate, record);

    private static Vector RowV0(string name, ushort flags, byte state, Fate fate, string record = "") =>
        Expect(name, V0(EntryV0(0x41, flags, state), EntryV0(0x42, 0, 1)), fate, record);

    // The entry of MessageVectors.EntryC, with this low byte of the client's port.
    private static byte[] EntryV0(byte port, ushort flags, byte state)
    {
        byte[] entry = Hex("00 06 9c 00 00 50 1f 90 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 00 00 00 00");
        (entry[3], entry[Layout.V0.Flags], entry[Layout.V0.State + 1]) = (port, (byte)(flags >> 8), state);
        return entry;
    }

    private static Vector Expect(string name, byte[] message, Fate fate, string record)
    {
        string words = $"{(fate == Fate.Applied ? "applied" : "dropped")}; good {(fate == Fate.Stop ? "dropped" : "applied")}";
        string[] expected = fate switch
        {
            Fate.Applied => [record, RecordGood],
            Fate.Dropped => [RecordGood],
            _ => [],
        };
        return new Vector(name, message, expected, words);
    }

    private static Vector Unpadded() => new(
        "length 39 without the pad byte", Message(Options("45 01 00")), [MessageVectors.RecordC], "applied; good misread, dropped");

    private static byte[] Message(byte[] first) => Sized([0, Kernel.Backup.SyncId, 0, 0, 2, 1, 0, 0, .. first, .. Good]);

    private static byte[] Options(string options)
    {
        byte[] entry = [.. Hex(MessageVectors.EntryC), .. Hex(options)];
        entry[3] = (byte)entry.Length;
        return entry;
    }

    private static byte[] With(params ReadOnlySpan<(int Offset, int Value)> changes)
    {
        byte[] entry = Hex(MessageVectors.EntryC);
        foreach ((int offset, int value) in changes) entry[offset] = (byte)value;
        return entry;
    }

    private static string Odd(string protocol, string state) => $"{protocol} C6336407 9C41 CB00710A 0050 0A00000B 1F90 {state}";
}
