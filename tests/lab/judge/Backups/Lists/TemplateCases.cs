using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Backups.Scene;

namespace IpvsSync.Lab.Judge.Backups.Lists;

/// <summary>Persistence templates, and persistence data of the engine <c>sip</c> (spec §6.1, §6.3).</summary>
internal static class TemplateCases
{
    public static BackupCase[] List =>
    [
        new("template NONE", s => [s.Has(Flag.Nat), Send(s.Template()), Then("NONE>1 | 1: 0/0/1")]),
        new("template ASSURED", s => [s.Has(Flag.Nat), Send(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("template NONE, then ASSURED", s =>
            [s.Has(Flag.Nat), Send(s.Template()), Then("NONE>1 | 1: 0/0/1"), Send(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("template over IPv6", s => [s.IPv6.Has(Flag.Direct), Send(s.IPv6.Template(1)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("template with INACTIVE, as NAT has it", s => [s.Has(Flag.Nat), Send(s.Template(1, Flag.Inactive)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("INACTIVE of a template changes, and no counter", s =>
            [s.Has(Flag.Nat), Send(s.Template(1, Flag.Inactive)), Send(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1")]),
        new("template with another real server keeps its own", s =>
        [
            Has(s.Service(), s.Destination(Flag.Nat), s.Destination(Flag.Nat, 2)), Send(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1, 2: 0/0/0"),
            Send(s.Template(1, real: 2)), Then("ASSURED>1 | 1: 0/0/1, 2: 0/0/0"),
        ]),
        new("template and its connections in one message", s =>
        [
            s.Has(Flag.Nat), Send(s.Template(1), s.Tcp(), s.Tcp(4, Flag.Inactive) with { ClientPort = 40002 }),
            Then("ASSURED>1 ESTABLISHED>1 FIN_WAIT>1 | 1: 1/1/1"),
        ]),
        new("templates of two clients", s =>
            [s.Has(Flag.Nat), Send(s.Template(1), s.Template() with { Client = s.Client(2) }), Then("ASSURED>1 NONE>1 | 1: 0/0/2")]),
        new("UDP template", s =>
            [Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat)), Send(s.Template(1) with { Protocol = IpProtocol.Udp }), Then("ASSURED>1 | 1: 0/0/1")]),
        new("template of a protocol that the kernel does not know", s => [Send(s.Template(1) with { Protocol = 99 }), Then("ASSURED>1")]),
        new("template unbound, then bound", s =>
        [
            Send(s.Template(1)), Then("ASSURED>1"), s.Has(Flag.Direct), Send(s.Template(1)), Then("ASSURED>1 | 1: 0/0/1"),
        ]),
        new("sip template", s => [SipService(s), Send(Sip(s, "call-1")), Then("NONE>1 | 1: 0/0/1 | sip call-1")]),
        new("two sip templates of one client", s =>
            [SipService(s), Send(Sip(s, "call-1"), Sip(s, "call-2")), Then("2x NONE>1 | 1: 0/0/2 | sip call-1, sip call-2")]),
        new("sip template, updated to ASSURED", s =>
            [SipService(s), Send(Sip(s, "call-1")), Send(Sip(s, "call-1") with { State = 1 }), Then("ASSURED>1 | 1: 0/0/1 | sip call-1")]),
        new("sip template with another real server keeps its own", s =>
        [
            Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat), s.Destination(Flag.Nat, 2)), Send(Sip(s, "call-1")),
            Send(Sip(s, "call-1") with { Real = s.Real(2), State = 1 }), Then("ASSURED>1 | 1: 0/0/1, 2: 0/0/0 | sip call-1"),
        ]),
        new("sip templates beside one without persistence data", s =>
        [
            SipService(s), Send(s.Template(1) with { Protocol = IpProtocol.Udp }), Send(Sip(s, "call-1")),
            Then("ASSURED>1 NONE>1 | 1: 0/0/2 | sip call-1"),
        ]),
        new("sip template over IPv6", s =>
            [Has(s.IPv6.Service(IpProtocol.Udp), s.IPv6.Destination(Flag.Nat)), Send(Sip(s.IPv6, "call-6")), Then("NONE>1 | 1: 0/0/1 | sip call-6")]),
        new("sip template, the name first and ignorable", s =>
        [
            SipService(s), Send(Sip(s, "call-1") with { Rest = [.. Option(0x43, "sip"), .. Option(0x42, "call-1")] }),
            Then("NONE>1 | 1: 0/0/1 | sip call-1"),
        ]),
        new("persistence data of an unknown engine: that entry alone is dropped", s =>
        [
            SipService(s), Send(Sip(s, "call-1") with { Rest = [.. Option(2, "call-1"), .. Option(3, "none")] }, Sip(s, "call-2")),
            Then("NONE>1 | 1: 0/0/1 | sip call-2"),
        ]),
        new("the engine's name without data: a template as any other", s =>
            [SipService(s), Send(Sip(s, "") with { Rest = Option(3, "sip") }), Then("NONE>1 | 1: 0/0/1")]),
        new("a connection with persistence data, once", s =>
            [SipService(s), Send(s.Udp() with { Rest = [.. Option(2, "call-1"), .. Option(3, "sip")] }), Then("UDP>1 | 1: 0/1/0")]),
    ];

    private static Step SipService(Scene s) => Has(s.Service(IpProtocol.Udp), s.Destination(Flag.Nat));

    private static RawEntry Sip(Scene s, string call) =>
        s.Template() with { Protocol = IpProtocol.Udp, Rest = [.. Option(2, call), .. Option(3, "sip")] };

    private static byte[] Option(byte type, string text) => [type, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
}
