using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>The service and destination that an entry finds (spec §6.4).</summary>
internal static class ServiceCases
{
    private const uint Routed = Flag.Direct | Flag.NoOutput;

    public static BackupCase[] List =>
    [
        new("mark service, direct: the destination's port is 0", s =>
        [
            Has(s.Service(mark: s.Mark), s.Destination(Flag.Direct, port: 0)), Send(s.Tcp(flags: Routed) with { Mark = s.Mark }),
            Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("mark service, NAT: the destination has a port", s =>
            [Has(s.Service(mark: s.Mark), s.Destination(Flag.Nat)), Send(s.Tcp() with { Mark = s.Mark }), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("mark service, NAT: the destination has none", s =>
            [Has(s.Service(mark: s.Mark), s.Destination(Flag.Nat, port: 0)), Send(s.Tcp() with { Mark = s.Mark }), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("mark service over IPv6", s =>
        [
            Has(s.IPv6.Service(mark: s.Mark), s.IPv6.Destination(Flag.Tunnel, port: 0)), Send(s.IPv6.Tcp(flags: Flag.Tunnel) with { Mark = s.Mark }),
            Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("mark template and its connection", s =>
        [
            Has(s.Service(mark: s.Mark, persistent: true), s.Destination(Flag.Direct, port: 0)),
            Send(s.MarkTemplate(1, Routed), s.Tcp(flags: Routed) with { Mark = s.Mark }), Then("ASSURED>1 ESTABLISHED>1 | 1: 1/0/1"),
        ]),
        new("mark template, NONE, then ASSURED", s =>
        [
            Has(s.Service(mark: s.Mark, persistent: true), s.Destination(Flag.Direct, port: 0)), Send(s.MarkTemplate(0, Routed)),
            Then("NONE>1 | 1: 0/0/1"), Send(s.MarkTemplate(1, Routed)), Then("ASSURED>1 | 1: 0/0/1"),
        ]),
        new("mark template over IPv6, updated", s =>
        [
            Has(s.IPv6.Service(mark: s.Mark, persistent: true), s.IPv6.Destination(Flag.Direct, port: 0)), Send(s.IPv6.MarkTemplate(0, Routed)),
            Send(s.IPv6.MarkTemplate(1, Routed)), Then("ASSURED>1 | 1: 0/0/1"),
        ]),
        new("a mark without a service: the address finds it", s =>
            [s.Has(Flag.Nat), Send(s.Tcp() with { Mark = s.Mark }), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("mark and address both have a service: the mark's", s =>
        [
            s.Has(Flag.Nat), Has(s.Service(mark: s.Mark), s.Destination(Flag.Nat)), Send(s.Tcp() with { Mark = s.Mark }),
            Then("ESTABLISHED>1 | 1: 0/0/0, 1: 1/0/0"),
        ]),
        new("mark service in version 0: unbound", s =>
            [Has(s.Service(mark: s.Mark), s.Destination(Flag.Direct, port: 0)), SendV0(s.Tcp(flags: Routed)), Then("ESTABLISHED>1 | 1: 0/0/0")]),
        new("service on all ports", s =>
            [Has(s.Service(port: 0, persistent: true), s.Destination(Flag.Direct, port: 0)), Send(s.Tcp(flags: Routed)), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("template of a service on all ports", s =>
        [
            Has(s.Service(port: 0, persistent: true), s.Destination(Flag.Direct, port: 0)),
            Send(s.Template(1, Routed) with { VirtualPort = 0, RealPort = 0 }, s.Tcp(flags: Routed)), Then("ASSURED>1 ESTABLISHED>1 | 1: 1/0/1"),
        ]),
        new("service on all ports over IPv6", s =>
        [
            Has(s.IPv6.Service(port: 0, persistent: true), s.IPv6.Destination(Flag.Direct, port: 0)), Send(s.IPv6.Tcp(flags: Routed)),
            Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("service on one port before the one on all", s =>
        [
            s.Has(Flag.Nat), Has(s.Service(port: 0, persistent: true), s.Destination(Flag.Nat, port: 0)),
            Send(s.Tcp(), s.Tcp(4, Flag.Inactive) with { VirtualPort = 81, RealPort = 81 }), Then("ESTABLISHED>1 FIN_WAIT>1:81 | 1: 1/0/0, 1: 0/1/0"),
        ]),
        new("a destination without a port takes any", s =>
            [Has(s.Service(), s.Destination(Flag.Nat, port: 0)), Send(s.Tcp() with { RealPort = 8080 }), Then("ESTABLISHED>1:8080 | 1: 1/0/0")]),
        new("two destinations of one address: the port decides", s =>
        [
            Has(s.Service(), s.Destination(Flag.Nat), s.Destination(Flag.Nat, port: 8080)), Send(s.Tcp() with { RealPort = 8080 }),
            Then("ESTABLISHED>1:8080 | 1: 0/0/0, 1: 1/0/0"),
        ]),
        new("FTP, active data: port 20 belongs to the service on 21", s =>
        [
            Ftp(s, port: 0), Send(s.Tcp() with { VirtualPort = 21, RealPort = 21 }, s.Tcp() with { ClientPort = 40002, VirtualPort = 20, RealPort = 20 }),
            Then("ESTABLISHED>1:20 ESTABLISHED>1:21 | 1: 2/0/0"),
        ]),
        new("FTP, passive data: an unprivileged port belongs to the service on 21", s =>
            [Ftp(s, port: 0), Send(s.Tcp() with { VirtualPort = 5001, RealPort = 5001 }), Then("ESTABLISHED>1:5001 | 1: 1/0/0")]),
        new("FTP, a destination on port 21: data to another port is unbound", s =>
            [Ftp(s, port: 21), Send(s.Tcp() with { VirtualPort = 5001, RealPort = 5001 }), Then("ESTABLISHED>1:5001 | 1: 0/0/0")]),
        new("FTP, a privileged port is nobody's", s =>
            [Ftp(s, port: 0), Send(s.Tcp() with { VirtualPort = 22, RealPort = 22 }), Then("ESTABLISHED>1:22 | 1: 0/0/0")]),
        new("FTP data whose client port is not known yet", s =>
        [
            Ftp(s, port: 0), Send(s.Tcp(1, Flag.NoClientPort) with { ClientPort = 0, VirtualPort = 5001, RealPort = 5001 }),
            Send(s.Tcp(4, Flag.Inactive) with { VirtualPort = 5001, RealPort = 5001 }), Then("FIN_WAIT>1:5001 | 1: 0/1/0"),
        ]),
    ];

    private static Step Ftp(Scene s, ushort port) => Has(s.Service(port: 21), s.Destination(Flag.Nat, port: port));
}
