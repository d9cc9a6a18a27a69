using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>
/// Unbound connections, late binding, another real server (spec §6.1, §6.2). The daemon injects a connection again when its destination
/// appears; the kernel waits for the next message, so these cases compare after it.
/// </summary>
internal static class BindingCases
{
    private const uint Routed = Flag.Direct | Flag.NoOutput;

    public static BackupCase[] List =>
    [
        new("unbound: there is no service", s => [Send(s.Tcp()), Then("ESTABLISHED>1"), Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1")]),
        new("unbound: the service has another destination", s =>
            [Has(s.Service(), s.Destination(Flag.Nat, 2)), Send(s.Tcp()), Then("ESTABLISHED>1 | 2: 0/0/0")]),
        new("unbound, then the service appears and the next message binds", s =>
            [Send(s.Tcp(flags: Routed)), Then("ESTABLISHED>1"), s.Has(Flag.Direct), Send(s.Tcp(flags: Routed)), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("unbound, then the destination appears and the next message binds", s =>
        [
            Has(s.Service(), s.Destination(Flag.Nat, 2)), Send(s.Tcp()), Then("ESTABLISHED>1 | 2: 0/0/0"), Gains(s.Service(), s.Destination(Flag.Nat)),
            Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"),
        ]),
        new("unbound and inactive, bound by the next message as inactive", s =>
            [Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1"), s.Has(Flag.Nat), Send(s.Tcp(5, Flag.Inactive)), Then("TIME_WAIT>1 | 1: 0/1/0")]),
        new("unbound and active, bound by the next message as inactive", s =>
            [Send(s.Tcp()), Then("ESTABLISHED>1"), s.Has(Flag.Nat), Send(s.Tcp(4, Flag.Inactive)), Then("FIN_WAIT>1 | 1: 0/1/0")]),
        new("unbound over IPv6, then bound", s =>
        [
            Send(s.IPv6.Tcp(flags: Routed)), Then("ESTABLISHED>1"), s.IPv6.Has(Flag.Direct), Send(s.IPv6.Tcp(flags: Routed)), Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("unbound of a mark service, then bound", s =>
        [
            Send(s.Tcp(flags: Routed) with { Mark = s.Mark }), Then("ESTABLISHED>1"), Has(s.Service(mark: s.Mark), s.Destination(Flag.Direct, port: 0)),
            Send(s.Tcp(flags: Routed) with { Mark = s.Mark }), Then("ESTABLISHED>1 | 1: 1/0/0"),
        ]),
        new("unbound in version 0, then bound by version 0", s =>
            [SendV0(s.Tcp()), Then("ESTABLISHED>1"), s.Has(Flag.Nat), SendV0(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("the service goes and comes again: the destination is the old one", s =>
        [
            s.Has(Flag.Nat), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0"), Loses(s.Service()), Send(s.Tcp()), Then("ESTABLISHED>1"), s.Has(Flag.Nat),
            Send(s.Tcp(4, Flag.Inactive)), Then(AfterReturn),
        ]),
        new("another real server: a new connection takes the old one's place", s =>
            [Two(s), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"), Send(s.Tcp(real: 2)), Then("ESTABLISHED>2 | 1: 0/0/0, 2: 1/0/0")]),
        new("another real server with INACTIVE: ignored", s =>
        [
            Two(s), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"), Send(s.Tcp(4, Flag.Inactive, real: 2)),
            Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"),
        ]),
        new("another real server, and a late closing of the first", s =>
        [
            Two(s), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"), Send(s.Tcp(real: 2)), Then("ESTABLISHED>2 | 1: 0/0/0, 2: 1/0/0"),
            Send(s.Tcp(4, Flag.Inactive)), Then("ESTABLISHED>2 | 1: 0/0/0, 2: 1/0/0"),
        ]),
        new("another port of the real server", s =>
        [
            Has(s.Service(), s.Destination(Flag.Nat), s.Destination(Flag.Nat, port: 8080)), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 1: 0/0/0"),
            Send(s.Tcp() with { RealPort = 8080 }), Then("ESTABLISHED>1:8080 | 1: 0/0/0, 1: 1/0/0"),
        ]),
        new("another real server over IPv6", s =>
        [
            Two(s.IPv6), Send(s.IPv6.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0, 2: 0/0/0"), Send(s.IPv6.Tcp(real: 2)),
            Then("ESTABLISHED>2 | 1: 0/0/0, 2: 1/0/0"),
        ]),
        new("another real server of a connection with NO_CPORT", s =>
        [
            Has(s.Service(port: 21), s.Destination(Flag.Nat, port: 0), s.Destination(Flag.Nat, real: 2, port: 0)),
            Send(s.FtpWithoutPort()), Then("ESTABLISHED>1:5001 | 1: 1/0/0, 2: 0/0/0"),
            Send(s.FtpWithoutPort(real: 2)), Then("ESTABLISHED>2:5001 | 1: 0/0/0, 2: 1/0/0"),
        ]),
        new("from a real server that is not configured to one that is", s =>
            [s.Has(Flag.Nat), Send(s.Tcp(real: 2)), Then("ESTABLISHED>2 | 1: 0/0/0"), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0")]),
        new("from a real server that is configured to one that is not", s =>
            [s.Has(Flag.Nat), Send(s.Tcp()), Then("ESTABLISHED>1 | 1: 1/0/0"), Send(s.Tcp(real: 2)), Then("ESTABLISHED>2 | 1: 0/0/0")]),
    ];

    private const string AfterReturn = "FIN_WAIT>1 | 1: 0/1/0";

    private static Step Two(Scene s) => Has(s.Service(), s.Destination(Flag.Nat), s.Destination(Flag.Nat, 2));
}
