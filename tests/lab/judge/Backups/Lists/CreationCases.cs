using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>New connections: forwarding methods, address families, protocols and every state (spec §6.3, §6.6).</summary>
internal static class CreationCases
{
    private const uint Routed = Flag.Direct | Flag.NoOutput;
    private const uint Closed = Flag.Inactive;

    // States that the kernel counts as inactive are sent with INACTIVE (spec §8.5).
    private static readonly uint[] _tcpFlags = [Closed, 0, 0, 0, Closed, Closed, Closed, Closed, Closed, Closed, 0];

    public static BackupCase[] List =>
    [
        .. ByMethod("NAT", Flag.Nat),
        .. ByMethod("local", Flag.Local),
        .. ByMethod("tunnel", Flag.Tunnel),
        .. ByMethod("direct", Routed),
        new("create, the entry's method is not the destination's", s =>
            [s.Has(Flag.Direct), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("create, BYPASS without a destination", s => [Send(s.Tcp(flags: Flag.Bypass)), Then("ESTABLISHED>1")]),
        new("create, SYNC and NFCT among the flags", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(flags: Flag.Sync | Flag.Tracked)), Then("ESTABLISHED>1 | 1: 1/0/0")]) { Sent = "flags 00020" },
        new("create UDP", s => [Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat)), Send(s.Udp()), Then("UDP>1 | 1: 0/1/0")]),
        new("create UDP over IPv6", s =>
            [Has(s.IPv6.Service(IpProtocol.Udp), s.IPv6.Destination(Flag.Direct)), Send(s.IPv6.Udp(Routed | Closed)), Then("UDP>1 | 1: 0/1/0")]),
        new("create SCTP", s => [Has(s.Service(IpProtocol.Sctp), s.Destination(Flag.Nat)), Send(s.Sctp(8)), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("create AH and ESP, which no service is for", s =>
            [Send(s.Tcp(0) with { Protocol = 51 }, s.Tcp(0) with { Protocol = 50 }), Then("2x ERR!>1")]),
        new("every TCP state, INACTIVE as the kernel sends it", s =>
        [
            s.Has(Flag.Nat), Send([.. Enumerable.Range(0, 11).Select(i => s.Tcp((ushort)i, _tcpFlags[i]) with { ClientPort = (ushort)(5000 + i) })]),
            Then("CLOSE>1 CLOSE_WAIT>1 ESTABLISHED>1 FIN_WAIT>1 LAST_ACK>1 LISTEN>1 NONE>1 SYNACK>1 SYN_RECV>1 SYN_SENT>1 TIME_WAIT>1 | 1: 4/7/0"),
        ]),
        new("every TCP state over IPv6", s =>
        [
            s.IPv6.Has(Flag.Tunnel),
            Send([.. Enumerable.Range(0, 11).Select(i => s.IPv6.Tcp((ushort)i, Flag.Tunnel | _tcpFlags[i]) with { ClientPort = (ushort)(5000 + i) })]),
            Then("CLOSE>1 CLOSE_WAIT>1 ESTABLISHED>1 FIN_WAIT>1 LAST_ACK>1 LISTEN>1 NONE>1 SYNACK>1 SYN_RECV>1 SYN_SENT>1 TIME_WAIT>1 | 1: 4/7/0"),
        ]),
        new("every SCTP state", s =>
        [
            Has(s.Service(IpProtocol.Sctp), s.Destination(Flag.Nat)),
            Send([.. Enumerable.Range(0, 14).Select(i => s.Sctp((ushort)i, i == 8 ? 0 : Closed) with { ClientPort = (ushort)(5000 + i) })]),
            Then("C-ECHOED>1 C-REPLIED>1 C-SENT>1 C-WAIT>1 CLOSED>1 COOKIE>1 ESTABLISHED>1 INIT1>1 INIT>1 NONE>1 REJECTED>1 S-ACK-SENT>1 "
                + "S-RECEIVED>1 S-SENT>1 | 1: 1/13/0"),
        ]),
        new("forty connections in one message", s =>
        [
            s.Has(Flag.Nat), Send([.. Enumerable.Range(0, 40).Select(i => s.Tcp() with { Client = s.Client(1 + (i % 8)), ClientPort = (ushort)(5000 + i) })]),
            Then("40x ESTABLISHED>1 | 1: 40/0/0"),
        ]),
        new("IPv4 and IPv6 in one message", s =>
            [s.Has(Flag.Nat), s.IPv6.Has(Flag.Nat), Send(s.Tcp(), s.IPv6.Tcp()), Then("2x ESTABLISHED>1 | 1: 1/0/0, 1: 1/0/0")]),
    ];

    private static BackupCase[] ByMethod(string name, uint flags) =>
    [
        new($"create TCP, {name}", s => [s.Has(flags & 7), Send(s.Tcp(flags: flags)), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new($"create TCP over IPv6, {name}", s => [s.IPv6.Has(flags & 7), Send(s.IPv6.Tcp(flags: flags)), Then("ESTABLISHED>1 | 1: 1/0/0")]),
    ];
}
