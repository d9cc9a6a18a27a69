using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// One packet between a client and a virtual service. Both directions identify the connection in the same way, by the addresses that the
/// client sees: a reply's source is the virtual address, not the real server's.
/// </summary>
internal readonly record struct Packet
{
    /// <summary>The client's address.</summary>
    public Address Client { get; init; }

    /// <summary>The virtual address.</summary>
    public Address Virtual { get; init; }

    /// <summary>The firewall mark set on the packet; 0 if none is set.</summary>
    public uint Fwmark { get; init; }

    /// <summary>The client's port.</summary>
    public ushort ClientPort { get; init; }

    /// <summary>The virtual port.</summary>
    public ushort VirtualPort { get; init; }

    /// <summary>The IP protocol number.</summary>
    public byte Protocol { get; init; }

    /// <summary>The family of both addresses.</summary>
    public IpFamily Family { get; init; }

    /// <summary>
    /// Whether the packet goes from the real server to the client. Such packets move the state, but never make the director send anything.
    /// </summary>
    public bool IsReply { get; init; }

    /// <summary>The flags of a TCP packet.</summary>
    public TcpFlags TcpFlags { get; init; }

    /// <summary>The chunk of an SCTP packet.</summary>
    public SctpChunk SctpChunk { get; init; }

    /// <summary>The flag that determines the next state: RST before SYN before FIN before ACK.</summary>
    public TcpSignal TcpSignal => TcpFlags switch
    {
        TcpFlags flags when (flags & TcpFlags.Rst) != 0 => TcpSignal.Rst,
        TcpFlags flags when (flags & TcpFlags.Syn) != 0 => TcpSignal.Syn,
        TcpFlags flags when (flags & TcpFlags.Fin) != 0 => TcpSignal.Fin,
        _ => TcpSignal.Ack,
    };

    /// <summary>The key of the connection to which the packet belongs.</summary>
    public ConnectionKey Key => new()
    {
        Family = Family,
        Protocol = Protocol,
        Client = Client,
        ClientPort = ClientPort,
        Virtual = Virtual,
        VirtualPort = VirtualPort,
    };
}
