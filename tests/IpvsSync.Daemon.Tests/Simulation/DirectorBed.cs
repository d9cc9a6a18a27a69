using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Simulation;

/// <summary>A director with what it has sent. Its clock starts at an odd moment and moves when told; clients have numbers.</summary>
internal sealed class DirectorBed
{
    public const ushort Port = 80;

    private static readonly Address _virtual = Address.FromIPv4(0xCB00710A);

    public DirectorBed(SyncSettings? settings = null)
        => Director = new EmbeddedDirector(settings ?? new SyncSettings(), (in ConnectionEntry entry, SyncVerdict _) => Sent.Add(entry));

    public EmbeddedDirector Director { get; }

    public List<ConnectionEntry> Sent { get; } = [];

    /// <summary>Milliseconds.</summary>
    public long NowMs { get; private set; } = 7919;

    public IEnumerable<ConnectionEntry> SentTemplates => Sent.Where(entry => entry.Key.IsTemplate);

    public IEnumerable<ConnectionEntry> SentConnections => Sent.Where(entry => !entry.Key.IsTemplate);

    /// <summary>A service with real servers 10.0.0.1 and up, weighted as given; the last is the newest.</summary>
    public VirtualService Service(VirtualServiceOptions options, ForwardingMethod forwarding, params int[] weights)
    {
        VirtualService service = Director.AddService(options.Fwmark == 0 ? options with { Address = _virtual } : options);
        foreach (int weight in weights)
        {
            service.Add(new RealServerOptions
            {
                Address = Server(service.Servers.Count + 1),
                Port = options.Port,
                Weight = weight,
                Forwarding = forwarding,
            });
        }

        return service;
    }

    public VirtualService Tcp(ForwardingMethod forwarding = ForwardingMethod.Masquerade, int persistence = 0)
        => Service(new() { Protocol = IpProtocol.Tcp, Port = Port, PersistenceTimeout = persistence }, forwarding, 1);

    public VirtualService Udp(int persistence = 0, bool isOnePacket = false) => Service(
        new() { Protocol = IpProtocol.Udp, Port = Port, PersistenceTimeout = persistence, IsOnePacket = isOnePacket },
        ForwardingMethod.Masquerade, 1);

    public static Address Server(int number) => Address.FromIPv4(0x0A000000u + (uint)number);

    public static Address Client(int number) => Address.FromIPv4(0xC6336400u + (uint)number);

    public static Packet TcpPacket(int client, TcpFlags flags) => Packet(client, IpProtocol.Tcp) with { TcpFlags = flags };

    public static Packet UdpPacket(int client) => Packet(client, IpProtocol.Udp);

    public static Packet SctpPacket(int client, SctpChunk chunk) => Packet(client, IpProtocol.Sctp) with { SctpChunk = chunk };

    /// <summary>Lets the director have the packets, a millisecond apart; false if it had no use for the last.</summary>
    public bool Receive(params Packet[] packets)
    {
        bool isCarried = false;
        foreach (Packet packet in packets)
            isCarried = Director.Receive(packet, ++NowMs);
        return isCarried;
    }

    /// <summary>A TCP connection of this client with its handshake done, without replies where none pass.</summary>
    public Connection Establish(int client, bool hasReplies = true)
    {
        Receive(TcpPacket(client, TcpFlags.Syn));
        if (hasReplies)
            Receive(TcpPacket(client, TcpFlags.Syn | TcpFlags.Ack) with { IsReply = true });
        Receive(TcpPacket(client, TcpFlags.Ack));
        return Find(TcpPacket(client, TcpFlags.None))!;
    }

    public Connection? Find(Packet packet) => Director.Find(packet.Key);

    /// <summary>The one template there is.</summary>
    public Connection Template() => Director.Connections.Single(connection => connection.Key.IsTemplate);

    public void Wait(double seconds)
    {
        NowMs += (long)(seconds * 1000);
        Director.AdvanceTo(NowMs);
    }

    /// <summary>The numbers of the real servers that clients 1 to <paramref name="clients"/> get for a connection each.</summary>
    public int[] Schedule(int clients)
    {
        int[] servers = new int[clients];
        for (int client = 1; client <= clients; client++)
        {
            Receive(UdpPacket(client));
            Address real = Find(UdpPacket(client))!.Server.Address;
            servers[client - 1] = Enumerable.Range(1, 9).First(number => Server(number) == real);
        }

        return servers;
    }

    public static VirtualServiceOptions UdpScheduledBy(SchedulerKind scheduler)
        => new() { Protocol = IpProtocol.Udp, Port = Port, Scheduler = scheduler };

    private static Packet Packet(int client, byte protocol) => new()
    {
        Family = IpFamily.IPv4,
        Protocol = protocol,
        Client = Client(client),
        ClientPort = 40000,
        Virtual = _virtual,
        VirtualPort = Port,
    };
}
