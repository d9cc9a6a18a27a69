using IpvsSync.Lab.Judge.Cases;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>Version 0, and malformed messages and entries between valid ones (spec §1.5, §1.6, §2.5, §11.1).</summary>
internal static class MessageCases
{
    private static readonly byte[] _block = Bytes.Hex("44332211 05000000 02000000 88776655 05000000 02000000");

    public static BackupCase[] List =>
    [
        new("version 0: create, update, close", s =>
            [s.Has(Flag.Nat), SendV0(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0"), SendV0(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1 | 1: 0/1/0")]),
        new("version 0: UDP and SCTP", s =>
        [
            Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat)), Has(s.Service(IpProtocol.Sctp), s.Destination(Flag.Nat)), SendV0(s.Udp(), s.Sctp(8)),
            Then("ESTABLISHED>1 UDP>1 | 1: 0/1/0, 1: 1/0/0"),
        ]),
        new("version 0: template", s => [s.Has(Flag.Nat), SendV0(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("version 0: a sequence block before another entry", s =>
        [
            s.Has(Flag.Nat),
            SendV0(s.Tcp(flags: Flag.OutSequence | Flag.InSequence) with { Rest = _block }, s.Tcp(4, Flag.Inactive) with { ClientPort = 40002 }),
            Then("ESTABLISHED>1 FIN_WAIT>1 | 1: 1/1/0"),
        ]),
        new("version 0: NO_CPORT, then the port", s =>
        [
            Has(s.Service(port: 21), s.Destination(Flag.Nat, port: 0)), SendV0(s.FtpWithoutPort()), SendV0(s.FtpData(4, Flag.Inactive)),
            Then("FIN_WAIT>1:5001 | 1: 0/1/0"),
        ]),
        new("version 0, then version 1", s => [s.Has(Flag.Nat), SendV0(s.Tcp()), Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1 | 1: 0/1/0")]),
        new("version 0: an unknown protocol and a state out of range are dropped", s =>
            [SendV0(s.Tcp() with { Protocol = 99 }, s.Tcp(11) with { ClientPort = 40002 }, s.Tcp(4) with { ClientPort = 40003 }), Then("FIN_WAIT>1")]),
        new("version 0: fewer entries than it says", s => [Send(V0With(s, count: 3)), Then("ESTABLISHED>1")]),
        new("version 0: more bytes than entries", s => [Send(Bytes.Sized([.. V0With(s, count: 1), 1, 2, 3])), Then("ESTABLISHED>1")]),
        new("version 1: bytes behind the last entry", s => [Send(Bytes.Sized([.. Bytes.V1(s.Tcp().V1()), 1, 2, 3, 4, 5])), Then("ESTABLISHED>1")]),
        new("version 1: an entry that is not counted", s => [Send(Counted(s, 1)), Then("ESTABLISHED>1")]),
        new("version 1: an entry that is counted and not there", s => [Send(Counted(s, 3)), Then("ESTABLISHED>1 FIN_WAIT>1")]),
        new("version 1: no entry", s => [Send(Bytes.Sized([0, 5, 0, 0, 0, 1, 0, 0])), Send(s.Tcp()), Then("ESTABLISHED>1")]),
        .. Datagrams,
        Odd("unknown mandatory option: that entry is dropped", s => s.Tcp() with { Rest = [5, 1, 0] }, stops: false, applies: false),
        Odd("unknown ignorable option: applied", s => s.Tcp() with { Rest = [0x45, 1, 0] }, stops: false, applies: true),
        Odd("option length 0: the rest is lost", s => s.Tcp() with { Rest = [0x45, 0] }, stops: true, applies: false),
        Odd("option data beyond the entry: the rest is lost", s => s.Tcp() with { Rest = [0x45, 9, 0] }, stops: true, applies: false),
        Odd("sequence data of 20 bytes: the rest is lost", s => s.Tcp() with { Rest = [1, 20, .. new byte[20]] }, stops: true, applies: false),
        Odd(
            "sequence data twice: the rest is lost", s => s.Tcp() with { Rest = [1, 24, .. new byte[24], 1, 24, .. new byte[24]] }, stops: true, applies: false),
        Odd("persistence data without a name: that entry is dropped", s => s.Template() with { Rest = [2, 1, 65] }, stops: false, applies: false),
        Odd("persistence name of 17 bytes: the rest is lost", s => s.Tcp() with { Rest = [3, 17, .. new byte[17]] }, stops: true, applies: false),
        Odd("protocol 99: that entry is dropped", s => s.Tcp() with { Protocol = 99 }, stops: false, applies: false),
        Odd("TCP state 11: that entry is dropped", s => s.Tcp(11), stops: false, applies: false),
        Odd("UDP state 1: that entry is dropped", s => s.Udp() with { State = 1 }, stops: false, applies: false),
        Odd("SCTP state 14: that entry is dropped", s => s.Sctp(14), stops: false, applies: false),
        Odd("type 2: the rest is lost", s => s.Tcp(), stops: true, applies: false, (0, 2)),
        Odd("type 1 in the length of type 0: the rest is lost", s => s.Tcp(), stops: true, applies: false, (0, 1)),
        Odd("entry version 1: the rest is lost", s => s.Tcp(), stops: true, applies: false, (2, 0x10)),
        Odd("length 20: the rest is lost", s => s.Tcp(), stops: true, applies: false, (3, 20)),
        Odd("length beyond the message: the rest is lost", s => s.Tcp(), stops: true, applies: false, (2, 0x0F)),
    ];

    private static BackupCase[] Datagrams =>
    [
        new("a size that is not the datagram's, between good ones", s =>
            [Send(s.Tcp()), Send([.. Bytes.V1(s.Tcp(4).V1()), 0]), Send(s.Tcp() with { ClientPort = 40002 }), Then("2x ESTABLISHED>1")]),
        new("nothing, three bytes and a header alone, between good ones", s =>
        [
            Send(s.Tcp()), Send(Array.Empty<byte>()), Send([0, 5, 0]), Send(Bytes.Sized([0, 5, 0, 0])), Send(s.Tcp() with { ClientPort = 40002 }),
            Then("2x ESTABLISHED>1"),
        ]),
        new("spare bits: not version 1, and no entry of version 0", s =>
            [Send(Header(s, 6, 1)), Send(s.Tcp(4) with { ClientPort = 40002 }), Then("FIN_WAIT>1")]),
        new("version 2: not version 1, and no entry of version 0", s =>
            [Send(Header(s, 5, 2)), Send(s.Tcp(4) with { ClientPort = 40002 }), Then("FIN_WAIT>1")]),
        new("another first byte: read as version 0, whose first protocol is 1", s =>
            [Send(Header(s, 0, 1)), Send(s.Tcp(4) with { ClientPort = 40002 }), Then("FIN_WAIT>1")]),
    ];

    // The odd entry has a valid one before and after it.
    private static BackupCase Odd(string name, Func<Scene, RawEntry> odd, bool stops, bool applies, params (int Offset, byte Value)[] changes) => new(
        name,
        s => [Send(Bytes.V1((s.Tcp(4) with { ClientPort = 40002 }).V1(), Changed(odd(s).V1(), changes), (s.Tcp(5) with { ClientPort = 40003 }).V1())), Then(
            (applies ? "ESTABLISHED>1 " : "") + "FIN_WAIT>1" + (stops ? "" : " TIME_WAIT>1"))]);

    private static byte[] Changed(byte[] bytes, (int Offset, byte Value)[] changes)
    {
        foreach ((int offset, byte value) in changes) bytes[offset] = value;
        return bytes;
    }

    private static byte[] V0With(Scene s, byte count) => Changed(Bytes.V0(s.Tcp().V0()), [(0, count)]);

    private static byte[] Counted(Scene s, byte count) => Changed(Bytes.V1(s.Tcp().V1(), (s.Tcp(4) with { ClientPort = 40002 }).V1()), [(4, count)]);

    private static byte[] Header(Scene s, int offset, byte value) => Changed(Bytes.V1(s.Tcp().V1()), [(offset, value)]);
}
