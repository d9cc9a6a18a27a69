using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>Persistent clients, and their templates.</summary>
internal static class PersistenceSequences
{
    private const string TwoConnections = ":1 syn <syn ack ack :2 syn <syn ack ack ack :1 ack fin <fin ack :2 fin";
    private const string TwoNetworks = "@1 syn ack ack @2 syn ack ack ack @300 syn ack ack @1 fin @2 rst";

    private static readonly Service _tcp = Nat(IpProtocol.Tcp, 1).Persistent(300);
    private static readonly Service _net = Direct(IpProtocol.Tcp, 1, 1).Persistent(300, 24);
    private static readonly Service _udp = Nat(IpProtocol.Udp).Persistent(300);

    public static Sequence[] List { get; } =
    [
        new("persistent, two connections of a client", Defaults, _tcp, TwoConnections),
        new("persistent, two connections of a client", Defaults.V0(), _tcp, TwoConnections),
        new("persistent, two connections of a client", Settings(3, 0), _tcp, TwoConnections),
        new("persistent, two connections of a client", Settings(0, 0, refresh: 60), _tcp, TwoConnections),
        new("persistent, two connections of a client", Settings(0, 0, refresh: 60).V0(), _tcp, TwoConnections),
        new("persistent, two connections of a client", Defaults.PersistMode(), _tcp, TwoConnections),
        new("persistent, two connections of a client", Settings(0, 0, refresh: 60).PersistMode(), _tcp, TwoConnections),
        new("persistent, two connections of a client", Defaults.PersistMode().V0(), _tcp, TwoConnections),
        new("persistent /24, three clients in two networks", Defaults, _net, TwoNetworks),
        new("persistent /24, three clients in two networks", Settings(0, 0, refresh: 60), _net, TwoNetworks),
        new("persistent, all ports", Defaults, Direct(IpProtocol.Tcp, 1, 1).Persistent(300).AllPorts(),
            ">80 syn ack ack >443 :1 syn ack ack >80 fin >443 :1 fin @2 >80 syn ack"),
        new("persistent mark", Defaults, Direct(IpProtocol.Udp, 1, 1).Persistent(300).Marked(7), ">53 udp*4 >54 :1 udp*2 @2 udp"),
        new("persistent mark", Settings(0, 0, refresh: 60), Direct(IpProtocol.Udp, 1, 1).Persistent(300).Marked(7), ">53 udp*4 >54 :1 udp*2 @2 udp"),
        new("persistent mark /24, NAT", Defaults, Nat(IpProtocol.Udp, 1).Persistent(300, 24).Marked(7), ">53 udp*4 <udp udp @2 >80 syn <syn ack*3"),
        new("mark, not persistent", Settings(0, 1), Direct(IpProtocol.Udp, 1, 1).Marked(7), ">53 udp*4 >54 :1 udp*2 @2 udp"),
        new("persistent UDP, ten packets", Defaults, _udp, "udp*10"),
        new("persistent UDP, ten packets", Settings(3, 0), _udp, "udp*10"),
        new("persistent UDP, answered", Settings(0, 0, refresh: 60), _udp, "udp <udp 300ms udp <udp udp"),
        new("persistent SCTP", Defaults, Nat(IpProtocol.Sctp).Persistent(300), "init <init-ack cookie-echo <cookie-ack data data abort"),
        new("persistent, client's port used again after TIME_WAIT", Settings(0, 1), _tcp, "syn <syn ack fin <fin ack 300ms syn <syn ack ack fin"),
        new("persistent, client's port used again after CLOSE", Settings(0, 10), _tcp, "syn <syn ack rst 300ms syn <syn ack*10 fin"),
        new("template outlived by its connection", Defaults, _udp.Persistent(2), "udp 4000ms udp 500ms :1 udp"),
        new("template outlived by its connection", Settings(3, 0), _udp.Persistent(2), "udp 4000ms udp*3"),
        new("template outlived by its connection", Settings(0, 0, refresh: 60), _udp.Persistent(2), "udp 4000ms udp 4000ms udp"),
        new("template outlived by its connection", Defaults.V0(), _udp.Persistent(2), "udp 4000ms udp"),
        new("template outlived by its connection, not assured", Defaults, _tcp.Persistent(2), "syn <rst 14000ms syn <syn ack"),
    ];
}
