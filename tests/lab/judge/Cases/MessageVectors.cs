namespace IpvsSync.Lab.Judge.Cases;

/// <summary>The eight messages of spec §11, applied one after another to one table.</summary>
internal static class MessageVectors
{
    public const string EntryC = "00 06 00 24 00 00 00 00 00 01 9c 41 00 50 1f 90 00 00 00 00 00 00 03 84 c6 33 64 07 cb 00 71 0a 0a 00 00 0b";

    public const string EntryE =
        "01 11 00 48 00 00 01 83 00 00 14 e9 00 35 00 35 00 00 00 00 00 00 01 2c " +
        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07 20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 10 " +
        "20 01 0d b8 00 02 00 00 00 00 00 00 00 00 00 11";

    public const string RecordC = "TCP C6336407 9C41 CB00710A 0050 0A00000B 1F90 ESTABLISHED";

    public const string RecordE =
        "UDP 2001:0db8:0000:0000:0000:0000:0000:0007 14E9 2001:0db8:0001:0000:0000:0000:0000:0010 0035 " +
        "2001:0db8:0002:0000:0000:0000:0000:0011 0035 UDP";

    private const string A = "01 05 00 1c 00 06 9c 41 00 50 1f 90 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 00 00 00 01";

    private const string B =
        "01 05 00 34 00 06 9c 42 00 15 00 15 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 06 00 00 01 44 33 22 11 " +
        "05 00 00 00 02 00 00 00 88 77 66 55 05 00 00 00 02 00 00 00";

    private const string F =
        "00 05 00 82 02 01 00 00 00 11 00 39 00 00 11 00 00 00 00 00 13 c4 13 c4 00 00 00 00 00 00 01 68 " +
        "c6 33 64 00 cb 00 71 0a 0a 00 00 0b 02 0e 61 38 34 62 34 63 37 36 65 36 36 37 31 30 03 03 73 69 " +
        "70 00 00 00 00 06 00 3e 00 00 06 00 00 01 9c 42 00 15 00 15 00 00 00 00 00 00 03 84 c6 33 64 07 " +
        "cb 00 71 0a 0a 00 00 0b 01 18 11 22 33 44 00 00 00 05 00 00 00 02 55 66 77 88 00 00 00 05 00 00 00 02";

    private const string G =
        "00 05 00 2c 01 01 00 00 00 00 00 24 00 00 11 03 00 01 00 00 00 00 00 00 00 00 00 07 00 00 01 2c " +
        "c6 33 65 00 00 00 00 07 0a 00 00 0b";

    private const string RecordB = "TCP C6336407 9C42 CB00710A 0015 0A00000B 0015 ESTABLISHED";
    private const string RecordF = "UDP C6336400 0000 CB00710A 13C4 0A00000B 13C4 NONE";
    private const string RecordG = "IP C6336500 0000 00000007 0000 0A00000B 0000 ASSURED";

    public static Vector[] All =>
    [
        new("A", Bytes.Hex(A), [RecordC], "1 record"),
        new("B", Bytes.Hex(B), [RecordC, RecordB], "2 records"),
        new("C", Bytes.Hex("00 05 00 2c 01 01 00 00" + EntryC), [RecordC, RecordB], "2 records"),
        new("D", Bytes.Hex("00 05 00 31 01 01 00 00" + EntryC + "68 65 6c 6c 6f"), [RecordC, RecordB], "2 records"),
        new("E", Bytes.Hex("00 05 00 50 01 01 00 00" + EntryE), [RecordC, RecordB, RecordE], "3 records"),
        new("F", Bytes.Hex(F), [RecordC, RecordB, RecordE, RecordF], "4 records"),
        new("G", Bytes.Hex(G), [RecordC, RecordB, RecordE, RecordF, RecordG], "5 records"),
        new("H", Bytes.Hex("00 05 00 08 00 01 00 00"), [RecordC, RecordB, RecordE, RecordF, RecordG], "5 records"),
    ];
}
