using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Packets;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>
/// The kernel's IPVS with its sync master on <c>lo</c>, in a separate namespace. Packets enter through a TUN interface; what leaves through
/// it is dropped. The calling thread stays in the namespace of the last director that it made; all other members work from any namespace.
/// </summary>
internal sealed class RealDirector : IDisposable
{
    public const byte SyncId = 7;

    private const string InterfaceName = "test";
    private const ushort MessageSize = 1400;
    private static readonly IPEndPoint _group = new(IPAddress.Parse("224.0.0.81"), 8848);

    private readonly Service _service;
    private readonly TunDevice _tun;
    private readonly Socket _listener;

    public RealDirector(Sequence sequence)
    {
        _service = sequence.Service;
        NetworkNamespace.Enter();
        _tun = TunDevice.Open(InterfaceName, Topology.Virtual(IpFamily.IPv4).ToIPAddress(IpFamily.IPv4), Topology.PrefixLength);
        Configure(sequence.Settings);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _listener.Bind(_group);
        _listener.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group.Address, IPAddress.Loopback));
        if (_service.IsIPv6) AddIPv6();
        if (_service.Options.Fwmark != 0) Mark(_service.Options.Fwmark);
        using var client = IpvsClient.Open();
        if (sequence.Timeouts is KernelTimeouts timeouts) Programs.Run("ipvsadm", $"--set {timeouts.Tcp} {timeouts.TcpFin} {timeouts.Udp}");
        _service.AddTo(client);
        client.StartDaemon(new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "lo", SyncId = SyncId, MaxLength = MessageSize });
    }

    /// <summary>Gives the kernel a packet. IPVS has processed it when this returns.</summary>
    public void Give(Packet packet)
    {
        if (!_tun.TryWrite(ToBytes(packet))) throw new IOException("the interface does not take packets");
    }

    /// <summary>Reads the datagrams that the kernel's master has sent so far, in order.</summary>
    public List<byte[]> Receive()
    {
        List<byte[]> datagrams = [];
        byte[] buffer = new byte[ushort.MaxValue];
        while (_listener.Available > 0) datagrams.Add(buffer[.._listener.Receive(buffer)]);
        return datagrams;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _tun.Dispose();
    }

    private static void Configure(SyncSettings settings)
    {
        NetworkNamespace.Set("ipv4/ip_forward", "1");
        NetworkNamespace.Set("ipv4/conf/all/rp_filter", "0");
        NetworkNamespace.Set($"ipv4/conf/{InterfaceName}/rp_filter", "0");
        NetworkNamespace.Set("ipv4/conf/all/send_redirects", "0");
        NetworkNamespace.Set($"ipv4/conf/{InterfaceName}/send_redirects", "0");
        NetworkNamespace.Set("ipv4/vs/sync_threshold", string.Create(CultureInfo.InvariantCulture, $"{settings.Threshold} {settings.Period}"));
        NetworkNamespace.Set("ipv4/vs/sync_refresh_period", Text(settings.RefreshTicks / Sequence.TicksPerSecond));
        NetworkNamespace.Set("ipv4/vs/sync_retries", Text(settings.Retries));
        NetworkNamespace.Set("ipv4/vs/sync_persist_mode", settings.PersistMode ? "1" : "0");
        NetworkNamespace.Set("ipv4/vs/sync_version", Text((int)settings.Version));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void AddIPv6()
    {
        NetworkNamespace.Set($"ipv6/conf/{InterfaceName}/disable_ipv6", "0");
        NetworkNamespace.Set("ipv6/conf/all/forwarding", "1");
        Programs.Run("ip", $"-6 addr add {Topology.InterfaceIPv6} dev {InterfaceName} nodad");
    }

    private static void Mark(uint mark)
    {
        Programs.Run("tc", $"qdisc add dev {InterfaceName} ingress");
        Programs.Run("tc", $"filter add dev {InterfaceName} parent ffff: matchall action skbedit mark {mark}");
    }

    private byte[] ToBytes(in Packet packet)
    {
        var client = new Endpoint(packet.Family, packet.Client, packet.ClientPort);
        if (!packet.IsReply) return ToBytes(packet, client, new Endpoint(packet.Family, packet.Virtual, packet.VirtualPort));
        ushort realPort = _service.RealPort != 0 ? _service.RealPort : packet.VirtualPort;
        return ToBytes(packet, new Endpoint(packet.Family, Topology.RealServer(packet.Family, 0), realPort), client);
    }

    private static byte[] ToBytes(in Packet packet, Endpoint from, Endpoint to) => packet.Protocol switch
    {
        IpProtocol.Tcp => RawPacket.Tcp(from, to, packet.TcpFlags),
        IpProtocol.Udp => RawPacket.Udp(from, to),
        _ => RawPacket.Sctp(from, to, packet.SctpChunk),
    };
}
