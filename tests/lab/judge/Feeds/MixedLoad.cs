using System.Diagnostics;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Packets;
using IpvsSync.Lab.Judge.Sequences;
using IpvsSync.Lab.Judge.Sequences.Lists;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Feeds;

/// <summary>
/// Random connections of every kind through a director of the bed: TCP, UDP and SCTP, NAT and direct routing, with and without persistence, IPv4 and
/// IPv6. Packets enter through a TUN interface, and what leaves through it is dropped. The same seed gives the same packets in the same order.
/// </summary>
internal sealed class MixedLoad : IDisposable
{
    private const string InterfaceName = "mixed";
    private const int MostOpen = 400;
    private const int ClientsEach = 16; // of each family; a client opens one connection after the other
    private const int FirstClient = 16 * 256; // the bed has the networks below
    private const int PersistenceSeconds = 300;

    private static readonly TcpFlags[][] s_tcp =
    [
        [TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Fin | TcpFlags.Ack, TcpFlags.Ack],
        [TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Rst],
        [TcpFlags.Syn, TcpFlags.Ack, .. Enumerable.Repeat(TcpFlags.Ack, 60)],
        [TcpFlags.Syn],
    ];

    private static readonly SctpChunk[] s_sctp =
        [SctpChunk.Init, SctpChunk.CookieEcho, SctpChunk.Data, SctpChunk.Data, SctpChunk.Data, SctpChunk.Shutdown, SctpChunk.ShutdownComplete];

    private readonly Service[] _services =
    [
        Port(Make.Nat(IpProtocol.Tcp, 1, 1, 1), 80), Port(Make.Direct(IpProtocol.Tcp, 1, 1).Persistent(PersistenceSeconds), 81),
        Port(Make.Direct(IpProtocol.Udp, 1, 1), 53), Port(Make.Direct(IpProtocol.Udp, 1, 1).Persistent(PersistenceSeconds, 24), 54),
        Port(Make.Direct(IpProtocol.Sctp, 1, 1), 38412), Port(Make.Direct(IpProtocol.Tcp, 1, 1).IPv6(), 80),
        Port(Make.Direct(IpProtocol.Udp, 1, 1).Persistent(PersistenceSeconds).IPv6(), 53),
    ];

    private readonly List<Life> _open = [];
    private readonly string _namespace;
    private readonly int _firstClient;
    private readonly Random _random;
    private readonly TunDevice _tun;
    private int _opened;

    /// <summary>Makes interface and services in a namespace of the bed. The calling thread stays there.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="number">Its clients are others than those of another number.</param>
    /// <param name="seed">Of everything random.</param>
    private MixedLoad(string name, int number, int seed)
    {
        _namespace = name;
        _firstClient = FirstClient * (number + 1);
        _random = new Random(seed + number);
        NetworkNamespace.Enter(name);
        _tun = TunDevice.Open(InterfaceName, Topology.Virtual(IpFamily.IPv4).ToIPAddress(IpFamily.IPv4), Topology.PrefixLength);
        foreach (string conf in (string[])["all", InterfaceName]) NetworkNamespace.Set($"ipv4/conf/{conf}/rp_filter", "0");
        NetworkNamespace.Set("ipv4/ip_forward", "1");
        NetworkNamespace.Set("ipv6/conf/all/forwarding", "1");
        foreach (string conf in (string[])["lo", InterfaceName]) NetworkNamespace.Set($"ipv6/conf/{conf}/disable_ipv6", "0");
        Programs.Run("ip", $"-6 addr add {Topology.InterfaceIPv6} dev {InterfaceName} nodad");
        using var client = IpvsClient.Open();
        foreach (Service service in _services) service.AddTo(client);
    }

    /// <summary><c>mixed --namespaces A,B --seconds N --rate N --seed N</c>: the load in all of them at once.</summary>
    /// <returns>Whether all packets were taken.</returns>
    public static bool Run(Arguments arguments)
    {
        MixedLoad[] loads = [.. arguments.Text("namespaces").Split(',').Select((name, i) => new MixedLoad(name, i, arguments.Number("seed", 1)))];
        int packets = arguments.Number("seconds", 60) * arguments.Number("rate", 100);
        double interval = 1000.0 / arguments.Number("rate", 100);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < packets; i++)
        {
            foreach (MixedLoad load in loads) load.Step();
            double ahead = (i * interval) - clock.Elapsed.TotalMilliseconds;
            if (ahead >= 1) Thread.Sleep((int)ahead);
        }

        foreach (MixedLoad load in loads)
        {
            Console.WriteLine($"{load._namespace}: {packets} packets, {load._opened} connections");
            load.Dispose();
        }

        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{packets / clock.Elapsed.TotalSeconds:F0} packets/s in each"));
        return true;
    }

    public void Dispose() => _tun.Dispose();

    private static Service Port(Service service, ushort port) => service with { Options = service.Options with { Port = port } };

    private void Step()
    {
        if (_open.Count == 0 || (_open.Count < MostOpen && _random.Next(4) == 0)) _open.Add(Open());
        int chosen = _random.Next(_open.Count);
        Life life = _open[chosen];
        if (!_tun.TryWrite(life.Packet(life.Sent++))) throw new IOException("the interface does not take packets");
        if (life.Sent < life.Packets) return;
        _open[chosen] = _open[^1];
        _open.RemoveAt(_open.Count - 1);
    }

    private Life Open()
    {
        VirtualServiceOptions service = _services[_random.Next(_services.Length)].Options;
        (int client, int port) = (_firstClient + (_opened % ClientsEach), Topology.FirstClientPort + (_opened++ / ClientsEach % 40_000));
        var from = new Endpoint(service.Family, Topology.Client(service.Family, client), (ushort)port);
        var to = new Endpoint(service.Family, service.Address, service.Port);
        TcpFlags[] flags = s_tcp[_random.Next(s_tcp.Length)];
        return service.Protocol switch
        {
            IpProtocol.Tcp => new Life(flags.Length, i => RawPacket.Tcp(from, to, flags[i])),
            IpProtocol.Udp => new Life(1 + _random.Next(8), _ => RawPacket.Udp(from, to)),
            _ => new Life(s_sctp.Length, i => RawPacket.Sctp(from, to, s_sctp[i])),
        };
    }

    /// <summary>A connection.</summary>
    /// <param name="Packets">How many its client sends.</param>
    /// <param name="Packet">Makes one of them.</param>
    private sealed record Life(int Packets, Func<int, byte[]> Packet)
    {
        public int Sent { get; set; }
    }
}
