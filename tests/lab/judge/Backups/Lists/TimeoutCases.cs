using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>Timers (spec §6.5).</summary>
internal static class TimeoutCases
{
    private const int Gone = 2500;

    public static BackupCase[] List =>
    [
        new("timeout 0: the table's value of each TCP state", s =>
        [
            Send([.. Enumerable.Range(1, 10).Select(i => s.Tcp((ushort)i, Flag.Inactive) with { ClientPort = (ushort)(5000 + i), Timeout = 0 })]),
            Then("CLOSE>1 CLOSE_WAIT>1 ESTABLISHED>1 FIN_WAIT>1 LAST_ACK>1 LISTEN>1 SYNACK>1 SYN_RECV>1 SYN_SENT>1 TIME_WAIT>1"),
        ]),
        new("timeout 0 of UDP, SCTP and AH", s =>
        [
            Send(s.Udp() with { Timeout = 0 }, s.Sctp(8) with { Timeout = 0 }, s.Tcp(0) with { Protocol = 51, Timeout = 0 }),
            Then("ERR!>1 ESTABLISHED>1 UDP>1"),
        ]),
        new("timeout 0 of a template", s => [s.Has(Flag.Nat), Send(s.Template(1) with { Timeout = 0 }), Then("ASSURED>1 | 1: 0/0/1")]),
        new("timeout 1: gone, and counted no more", s =>
            [s.Has(Flag.Nat), Send(s.Tcp() with { Timeout = 1 }), Wait(Gone), Then("1: 0/0/0")]),
        new("timeout 1 of a template: gone, and counted no more", s =>
            [s.Has(Flag.Nat), Send(s.Template() with { Timeout = 1 }), Wait(Gone), Then("1: 0/0/0")]),
        new("timeout 1, then a longer one: it stays", s =>
            [s.Has(Flag.Nat), Send(s.Tcp() with { Timeout = 1 }), Send(s.Tcp() with { Timeout = 60 }), Wait(Gone), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("a long timeout, then 1: gone", s =>
            [s.Has(Flag.Nat), Send(s.Tcp()), Send(s.Tcp(5, Flag.Inactive) with { Timeout = 1 }), Wait(Gone), Then("1: 0/0/0")]),
        // Ours shortens a longer one: no message of a director that is configured like this one says so.
        new("a day", s => [s.Has(Flag.Nat), Send(s.Tcp() with { Timeout = 86400 }), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("each update has its own", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp() with { Timeout = 77 }), Then("ESTABLISHED>1 | 1: 1/0/0"), Send(s.Tcp() with { Timeout = 7777 }),
            Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("version 0 has none: the table's value", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp() with { Timeout = 77 }), SendV0(s.Tcp()), SendV0(s.Tcp(4, Flag.Inactive) with { ClientPort = 40002 }),
            Then("ESTABLISHED>1 FIN_WAIT>1 | 1: 1/1/0"),
        ]),
    ];
}
