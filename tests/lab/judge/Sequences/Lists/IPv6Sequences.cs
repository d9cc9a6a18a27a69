using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>The same sequences over IPv6, which version 0 does not carry.</summary>
internal static class IPv6Sequences
{
    private static readonly Service _tcp = Nat(IpProtocol.Tcp).IPv6();

    public static Sequence[] List { get; } =
    [
        new("TCP life, NAT", Defaults, _tcp, "syn <syn ack ack <ack ack <ack fin <ack <fin ack"),
        new("TCP life, NAT", Settings(0, 1).V0(), _tcp, "syn <syn ack ack <ack ack <ack fin <ack <fin ack"),
        new("TCP life, direct routing", Settings(0, 0, refresh: 60), Direct(IpProtocol.Tcp).IPv6(), "syn ack ack fin ack"),
        new("UDP, questions and answers", Defaults, Nat(IpProtocol.Udp).IPv6(), "udp <udp udp <udp udp"),
        new("SCTP life", Defaults, Nat(IpProtocol.Sctp).IPv6(), "init <init-ack cookie-echo <cookie-ack data*3 shutdown <shutdown-ack shutdown-complete"),
        new("persistent, two connections of a client", Defaults, _tcp.Persistent(300), "syn <syn ack ack :1 syn <syn ack fin"),
        new("persistent /64, two networks", Defaults, Direct(IpProtocol.Tcp, 1, 1).Persistent(300, 64).IPv6(), "@1 syn ack @2 syn ack @300 syn ack"),
        new("persistent /60, one network", Defaults, Direct(IpProtocol.Tcp, 1, 1).Persistent(300, 60).IPv6(), "@1 syn ack @2 syn ack @300 syn ack"),
        new("persistent, version 0", Settings(0, 1).V0(), _tcp.Persistent(300), "syn <syn ack ack"),
        new("persistent, all ports", Defaults, Direct(IpProtocol.Tcp, 1, 1).Persistent(300).AllPorts().IPv6(), ">80 syn ack >443 :1 syn ack ack"),
        new("persistent mark", Defaults, Direct(IpProtocol.Udp, 1, 1).Persistent(300).Marked(7).IPv6(), ">53 udp*4 >54 :1 udp*2 @2 udp"),
        new("source hashing", Settings(0, 1), Direct(IpProtocol.Udp, 1, 3, 2).With(SchedulerKind.Sh).IPv6(),
            "@1 udp @2 udp @3 udp @4 udp @300 udp @301 udp @302 udp @600 udp @601 udp @602 udp"),
    ];
}
