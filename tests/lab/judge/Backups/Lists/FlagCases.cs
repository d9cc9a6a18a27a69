using IpvsSync.Lab.Judge.Cases;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>
/// Flags of new and of existing connections (spec §3.4, §6.2); where counters do not show them, the entries that a master sends do.
/// </summary>
internal static class FlagCases
{
    private const uint Sequence = Flag.OutSequence | Flag.InSequence;
    private static readonly byte[] _sequence = Bytes.Hex("01 18 11223344 00000005 00000002 55667788 00000005 00000002");
    private static readonly byte[] _later = Bytes.Hex("01 18 11223344 00000009 00000005 55667788 00000009 00000005");

    public static BackupCase[] List =>
    [
        new("update with the same", s => [s.Has(Flag.Nat), Send(s.Tcp()), Send(s.Tcp()), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("ESTABLISHED, FIN_WAIT, TIME_WAIT, CLOSE, each compared", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0"), Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1 | 1: 0/1/0"),
            Send(s.Tcp(5, Flag.Inactive)), Then("TIME_WAIT>1 | 1: 0/1/0"), Send(s.Tcp(6, Flag.Inactive)), Then("CLOSE>1 | 1: 0/1/0"),
        ]),
        new("three entries of one connection in one message", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(), s.Tcp(4, Flag.Inactive), s.Tcp(5, Flag.Inactive)), Then("TIME_WAIT>1 | 1: 0/1/0")]),
        new("three entries of one connection in three messages", s =>
            [s.Has(Flag.Nat), Send(s.Tcp()), Send(s.Tcp(7, Flag.Inactive)), Send(s.Tcp(5, Flag.Inactive)), Then("TIME_WAIT>1 | 1: 0/1/0")]),
        new("the same datagram three times", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp(4, Flag.Inactive)), Send(s.Tcp(4, Flag.Inactive)), Send(s.Tcp(4, Flag.Inactive)),
            Then("FIN_WAIT>1 | 1: 0/1/0"),
        ]),
        .. Patches,
        new("UDP goes from inactive to active and back", s =>
        [
            Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat)), Send(s.Udp()), Then("UDP>1 | 1: 0/1/0"), Send(s.Udp(0)), Then("UDP>1 | 1: 1/0/0"),
            Send(s.Udp()), Then("UDP>1 | 1: 0/1/0"),
        ]),
        new("SCTP closes", s =>
        [
            Has(s.Service(IpProtocol.Sctp), s.Destination(Flag.Nat)), Send(s.Sctp(8)), Then("ESTABLISHED>1 | 1: 1/0/0"),
            Send(s.Sctp(9, Flag.Inactive)), Send(s.Sctp(13, Flag.Inactive)), Then("CLOSED>1 | 1: 0/1/0"),
        ]),
        new("sequence data with their flags, then others", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp(flags: Sequence) with { Rest = _sequence }), Then("ESTABLISHED>1 | 1: 1/0/0"),
            Send(s.Tcp(flags: Sequence) with { Rest = _later }), Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("sequence data without their flags", s => [s.Has(Flag.Nat), Send(s.Tcp() with { Rest = _sequence }), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("NO_CPORT, then an entry with the port: found, and the port stays 0", s =>
        [
            Ftp(s), Send(s.FtpWithoutPort(2)), Then("SYN_SENT>1:5001 | 1: 1/0/0"),
            Send(s.FtpData()), Then("ESTABLISHED>1:5001 | 1: 1/0/0"),
        ]),
        new("NO_CPORT twice", s =>
        [
            Ftp(s), Send(s.FtpWithoutPort()), Send(s.FtpWithoutPort(4, Flag.Inactive)), Then("FIN_WAIT>1:5001 | 1: 0/1/0"),
        ]),
        new("NO_CPORT of two clients, then an entry with the port of one", s =>
        [
            Ftp(s), Send(s.FtpWithoutPort(), s.FtpWithoutPort() with { Client = s.Client(2) }),
            Send(s.FtpData(4, Flag.Inactive) with { Client = s.Client(2) }), Then("ESTABLISHED>1:5001 FIN_WAIT>1:5001 | 1: 1/1/0"),
        ]),
        new("a connection with its port beside one with NO_CPORT", s =>
        [
            Ftp(s), Send(s.FtpData()), Send(s.FtpWithoutPort()), Send(s.FtpData(4, Flag.Inactive)),
            Then("ESTABLISHED>1:5001 FIN_WAIT>1:5001 | 1: 1/1/0"),
        ]),
    ];

    private static BackupCase[] Patches =>
    [
        new("patch 1: NOOUTPUT of the master gives way to the destination's, NAT (a master shows it)", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp(flags: Flag.NoOutput)), Send(s.Tcp(flags: Flag.NoOutput)), Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]) { Sent = "flags 00020 ESTABLISHED" },
        new("patch 1: a master without NOOUTPUT, direct routing here (a master shows it)", s =>
            [s.Has(Flag.Direct), Send(s.Tcp()), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0")]) { Sent = "flags 000A3 ESTABLISHED" },
        new("patch 2: ESTABLISHED with INACTIVE is bound as inactive (the counters show it)", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(flags: Flag.Inactive)), Then("ESTABLISHED>1 | 1: 0/1/0")]) { Sent = "flags 00120 ESTABLISHED" },
        new("patch 2: FIN_WAIT without INACTIVE is bound as active (the counters show it)", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(4)), Then("FIN_WAIT>1 | 1: 1/0/0")]),
        new("patch 2: every TCP state without INACTIVE is active (the counters show it)", s =>
        [
            s.Has(Flag.Nat), Send([.. Enumerable.Range(0, 11).Select(i => s.Tcp((ushort)i) with { ClientPort = (ushort)(5000 + i) })]),
            Then("CLOSE>1 CLOSE_WAIT>1 ESTABLISHED>1 FIN_WAIT>1 LAST_ACK>1 LISTEN>1 NONE>1 SYNACK>1 SYN_RECV>1 SYN_SENT>1 TIME_WAIT>1 | 1: 11/0/0"),
        ]),
        new("patch 3: bound late, and the method is the destination's (a master shows it)", s =>
        [
            Has(s.Service()), Send(s.Tcp(flags: Flag.Nat)), Then("ESTABLISHED>1"), Gains(s.Service(), s.Destination(Flag.Tunnel)),
            Send(s.Tcp(flags: Flag.Nat)), Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]) { Sent = "flags 000A2 ESTABLISHED" },
        new("patch 4: INACTIVE comes with an unchanged state (the counters move)", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0"), Send(s.Tcp(flags: Flag.Inactive)), Then("ESTABLISHED>1 | 1: 0/1/0"),
        ]) { Sent = "flags 00120 ESTABLISHED" },
        new("patch 4: INACTIVE goes with an unchanged state (the counters move)", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1 | 1: 0/1/0"), Send(s.Tcp(4)), Then("FIN_WAIT>1 | 1: 1/0/0")]),
        new("patch 4: FIN_WAIT without INACTIVE stays active (the counters show it)", s =>
            [s.Has(Flag.Nat), Send(s.Tcp()), Send(s.Tcp(4)), Then("FIN_WAIT>1 | 1: 1/0/0")]),
        new("patch 4: IN_SEQ and OUT_SEQ come and go (a master shows it)", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp()), Send(s.Tcp(flags: Sequence) with { Rest = _sequence }), Then("ESTABLISHED>1 | 1: 1/0/0"),
            Send(s.Tcp(4, Flag.Inactive | Flag.InSequence) with { Rest = _later }), Then("FIN_WAIT>1 | 1: 0/1/0"),
        ]) { Sent = "flags 00520" },
        new("patch 8: all flags of an update at once, and those that stay (a master shows them)", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp()),
            Send(s.Tcp(4, Flag.Tunnel | Flag.NoOutput | Flag.Inactive | Sequence) with { Rest = _sequence }), Then("FIN_WAIT>1 | 1: 0/1/0"),
        ]) { Sent = "flags 00720" },
    ];

    private static Step Ftp(Scene s) => Has(s.Service(port: 21), s.Destination(Flag.Nat, port: 0));
}
