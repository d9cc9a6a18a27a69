using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>UDP and SCTP.</summary>
internal static class DatagramSequences
{
    private const string SctpLife =
        "init <init-ack cookie-echo <cookie-ack data*3 <data data shutdown <shutdown-ack shutdown-complete";

    private const string SctpDirectLife = "init cookie-echo data*4 shutdown shutdown-complete";

    private static readonly Service _udp = Nat(IpProtocol.Udp);
    private static readonly Service _udpDirect = Direct(IpProtocol.Udp);
    private static readonly Service _sctp = Nat(IpProtocol.Sctp);
    private static readonly Service _sctpDirect = Direct(IpProtocol.Sctp);

    public static Sequence[] List { get; } =
    [
        new("UDP, questions and answers", Defaults, _udp, "udp <udp udp <udp udp <udp udp <udp"),
        new("UDP, no answer", Defaults, _udp, "udp*60"),
        new("UDP, no answer, direct routing", Settings(3, 10), _udpDirect, "udp*25"),
        new("UDP, each packet", Settings(0, 1).V0(), _udpDirect, "udp*5"),
        new("UDP, once", Settings(3, 0), _udp, "udp*10 <udp udp"),
        new("UDP, never", Settings(0, 0), _udp, "udp*5 <udp udp*5"),
        new("UDP, at once", Settings(0, 0, refresh: 60), _udp, "udp*5 <udp udp*5"),
        new("UDP, packet by packet", Settings(0, 1), _udp.OnePacket(), "udp*5"),
        new("UDP, packet by packet, persistent", Settings(0, 1), _udp.OnePacket().Persistent(300), "udp*5"),
        new("UDP, packet by packet, persistent", Settings(0, 1).V0(), _udp.OnePacket().Persistent(300), "udp*5"),
        new("SCTP life, NAT", Defaults, _sctp, SctpLife),
        new("SCTP life, NAT", Settings(0, 0, refresh: 60), _sctp, SctpLife),
        new("SCTP life, NAT", Settings(0, 1).V0(), _sctp, SctpLife),
        new("SCTP life, direct routing", Defaults, _sctpDirect, SctpDirectLife),
        new("SCTP life, direct routing", Settings(0, 0, refresh: 60), _sctpDirect, SctpDirectLife),
        new("SCTP, the server shuts down", Settings(0, 1), _sctp,
            "init <init-ack cookie-echo <cookie-ack data <shutdown shutdown-ack <shutdown-complete data"),
        new("SCTP, the client aborts", Defaults, _sctp, "init <init-ack cookie-echo <cookie-ack data abort"),
        new("SCTP, the server aborts", Defaults, _sctp, "init <init-ack cookie-echo <cookie-ack data <abort data data"),
        new("SCTP, client's port used again", Settings(0, 1), _sctp,
            "init <init-ack cookie-echo <cookie-ack abort init <init-ack cookie-echo <cookie-ack data"),
        new("SCTP, client's port used again, two real servers", Settings(0, 1), Direct(IpProtocol.Sctp, 1, 1), "init abort 300ms init cookie-echo data"),
    ];
}
