using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>Complete lives of TCP connections.</summary>
internal static class TcpSequences
{
    private const string NatLife = "syn <syn ack ack <ack ack <ack fin <ack <fin ack";
    private const string DirectLife = "syn ack ack ack fin ack";

    private static readonly Service _nat = Nat(IpProtocol.Tcp);
    private static readonly Service _direct = Direct(IpProtocol.Tcp);
    private static readonly Service _directTwo = Direct(IpProtocol.Tcp, 1, 1);

    public static Sequence[] List { get; } =
    [
        new("TCP life, NAT", Defaults, _nat, NatLife),
        new("TCP life, NAT", Settings(0, 0), _nat, NatLife),
        new("TCP life, NAT", Settings(0, 1), _nat, NatLife),
        new("TCP life, NAT", Settings(3, 0), _nat, NatLife),
        new("TCP life, NAT", Settings(0, 0, refresh: 60), _nat, NatLife),
        new("TCP life, NAT", Settings(0, 0, refresh: 60, retries: 1).V0(), _nat, NatLife),
        new("TCP life, NAT", Defaults.V0(), _nat, NatLife),
        new("TCP life, direct routing", Defaults, _direct, DirectLife),
        new("TCP life, direct routing", Settings(0, 0, refresh: 60), _direct, DirectLife),
        new("TCP life, direct routing", Settings(0, 1).V0(), _direct, DirectLife),
        new("TCP, the server closes first", Defaults, _nat, "syn <syn ack ack <fin ack ack fin <ack"),
        new("TCP, both close at once", Defaults, _nat, "syn <syn ack ack <fin fin ack <ack"),
        new("TCP, client's half closed, data flow on", Settings(3, 10), _nat, "syn <syn ack ack fin <ack <ack ack*20 <fin ack"),
        new("TCP, server's half closed, data flow on", Settings(3, 10), _nat, "syn <syn ack ack <fin ack*20 fin <ack ack"),
        new("TCP, the client resets", Defaults, _nat, "syn <syn ack ack rst"),
        new("TCP, the client resets, direct routing", Defaults, _direct, "syn ack ack rst ack"),
        new("TCP, the server resets, the client speaks once more", Defaults, _nat, "syn <syn ack ack <rst ack"),
        new("TCP, the server refuses", Defaults, _nat, "syn <rst syn <rst syn <rst"),
        new("TCP, SYN again and again", Settings(0, 1), _nat, "syn 400ms syn 400ms syn <syn <syn ack syn <syn ack ack"),
        new("TCP, SYN again and again, direct routing", Settings(0, 1), _direct, "syn 400ms syn 400ms syn ack syn ack ack"),
        new("TCP, client's port used again after TIME_WAIT", Settings(0, 1), _nat, "syn <syn ack fin <fin ack 300ms syn <syn ack ack fin"),
        new("TCP, client's port used again after CLOSE", Settings(0, 1), _nat, "syn <syn ack rst 300ms syn <syn ack ack rst"),
        new("TCP, client's port used again, direct routing", Settings(0, 1), _direct, "syn ack fin ack 300ms syn ack ack fin"),
        new("TCP, client's port used again after TIME_WAIT, two real servers", Settings(0, 1), _directTwo, "syn fin 300ms syn ack"),
        new("TCP, client's port used again after CLOSE, two real servers", Settings(0, 1), _directTwo,
            "syn ack rst 300ms syn ack 300ms rst 300ms syn+rst 300ms ack"),
        new("TCP, client's port used again after FIN_WAIT, two real servers", Settings(0, 1), _directTwo, "syn ack fin 300ms syn ack"),
        new("TCP, 130 packets", Defaults, _nat, "syn <syn ack*130 fin"),
        new("TCP, 130 packets", Settings(3, 10), _direct, "syn ack*130 fin"),
        new("TCP, 40 packets behind the end", Settings(3, 10), _nat, "syn <syn ack fin <fin ack*40"),
        new("TCP, packets without a connection", Settings(0, 1), _nat, "ack fin rst <ack <syn"),
        new("TCP, three clients in turns", Settings(2, 5), _nat,
            "@1 syn <syn @2 syn @3 syn @2 <syn ack*3 @1 ack*4 @3 <syn ack*2 @2 fin @1 ack*4 @3 rst @1 fin <fin ack @2 <fin ack"),
    ];
}
