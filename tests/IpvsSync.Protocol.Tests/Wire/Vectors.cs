using System.Net;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The eight messages of spec §11, each accepted by a real kernel.</summary>
public static class Vectors
{
    internal const string HexA = "01 05 00 1c 00 06 9c 41 00 50 1f 90 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 00 00 00 01";

    internal const string HexB =
        "01 05 00 34 00 06 9c 42 00 15 00 15 c6 33 64 07 cb 00 71 0a 0a 00 00 0b 06 00 00 01 44 33 22 11 " +
        "05 00 00 00 02 00 00 00 88 77 66 55 05 00 00 00 02 00 00 00";

    internal const string EntryC =
        "00 06 00 24 00 00 00 00 00 01 9c 41 00 50 1f 90 00 00 00 00 00 00 03 84 c6 33 64 07 cb 00 71 0a 0a 00 00 0b";

    internal const string EntryE =
        "01 11 00 48 00 00 01 83 00 00 14 e9 00 35 00 35 00 00 00 00 00 00 01 2c " +
        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 07 20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 10 " +
        "20 01 0d b8 00 02 00 00 00 00 00 00 00 00 00 11";

    private const string HexF =
        "00 05 00 82 02 01 00 00 00 11 00 39 00 00 11 00 00 00 00 00 13 c4 13 c4 00 00 00 00 00 00 01 68 " +
        "c6 33 64 00 cb 00 71 0a 0a 00 00 0b 02 0e 61 38 34 62 34 63 37 36 65 36 36 37 31 30 03 03 73 69 " +
        "70 00 00 00 00 06 00 3e 00 00 06 00 00 01 9c 42 00 15 00 15 00 00 00 00 00 00 03 84 c6 33 64 07 " +
        "cb 00 71 0a 0a 00 00 0b 01 18 11 22 33 44 00 00 00 05 00 00 00 02 55 66 77 88 00 00 00 05 00 00 00 02";

    private const string HexG =
        "00 05 00 2c 01 01 00 00 00 00 00 24 00 00 11 03 00 01 00 00 00 00 00 00 00 00 00 07 00 00 01 2c " +
        "c6 33 65 00 00 00 00 07 0a 00 00 0b";

    private static readonly SequenceData _sequence = new(0x11223344, 5, 2, 0x55667788, 5, 2);

    private static readonly ConnectionEntry _ftp = Sample.Tcp(40002, 21, 21) with
    {
        Flags = ConnectionFlags.IP_VS_CONN_F_SEQ_MASK,
        HasSequence = true,
        Sequence = _sequence,
    };

    private static readonly ConnectionEntry _dns = new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv6,
            Protocol = IpProtocol.Udp,
            Client = Address.From(IPAddress.Parse("2001:db8::7")),
            ClientPort = 5353,
            Virtual = Address.From(IPAddress.Parse("2001:db8:1::10")),
            VirtualPort = 53,
        },
        Real = Address.From(IPAddress.Parse("2001:db8:2::11")),
        RealPort = 53,
        Flags = (ConnectionFlags)0x183,
        Timeout = 300,
    };

    private static readonly ConnectionEntry _mark = Sample.Template(IpProtocol.Ip, "198.51.101.0", "0.0.0.7", 0) with
    {
        RealPort = 0,
        Flags = (ConnectionFlags)0x1103,
        State = ConnectionState.IP_VS_CTPL_S_ASSURED,
        Fwmark = 7,
        Timeout = 300,
    };

    public static TheoryData<Vector> All => new(
        new Vector("A", SyncVersion.V0, HexA) { Entries = [Sample.Tcp(40001, 80, 8080) with { Timeout = 0 }] },
        new Vector("B", SyncVersion.V0, HexB) { Entries = [_ftp with { Timeout = 0 }] },
        new Vector("C", SyncVersion.V1, "00 05 00 2c 01 01 00 00" + EntryC) { Entries = [Sample.Tcp(40001, 80, 8080)] },
        new Vector("D", SyncVersion.V1, "00 05 00 31 01 01 00 00" + EntryC + "68 65 6c 6c 6f")
        {
            Entries = [Sample.Tcp(40001, 80, 8080)],
            Trailer = "hello",
        },
        new Vector("E", SyncVersion.V1, "00 05 00 50 01 01 00 00" + EntryE) { Entries = [_dns] },
        new Vector("F", SyncVersion.V1, HexF)
        {
            Entries = [Sample.Template(IpProtocol.Udp, "198.51.100.0", "203.0.113.10", 5060), _ftp],
            Engine = "sip",
            Data = "a84b4c76e66710",
        },
        new Vector("G", SyncVersion.V1, HexG) { Entries = [_mark] },
        new Vector("H", SyncVersion.V1, "00 05 00 08 00 01 00 00"));
}
