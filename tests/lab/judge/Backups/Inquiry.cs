using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Packets;
using IpvsSync.Lab.Judge.Sequences;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// Finds out what a kernel has and no file shows, above all flags and marks: starts a sync master beside the backup, gives each connection
/// a packet of its client, and reads what the master sends. IPv4 only. It changes the connections, so use it at the end.
/// </summary>
internal sealed class Inquiry : IDisposable
{
    private const string InterfaceName = "ask";
    private const int MasterDelay = 5000; // milliseconds: a kernel's master keeps a part-filled message for up to 3 s (spec §5.6), and then its thread must run
    private const ushort MessageSize = 1400;
    private const int FirstPort = 9848; // one port for each director
    private static readonly IPAddress _group = IPAddress.Parse("224.0.0.82");

    private readonly Socket[] _listeners;

    /// <summary>Listens in the namespace of the calling thread.</summary>
    /// <param name="source">The thread's own address on the sync network.</param>
    /// <param name="count">The number of directors.</param>
    public Inquiry(IPAddress source, int count) => _listeners = [.. Enumerable.Range(FirstPort, count).Select(port => Listen(source, port))];

    /// <summary>Runs it for all directors.</summary>
    /// <returns>For each director the last entry of each connection, as text.</returns>
    public List<Dictionary<string, string>> Ask(IReadOnlyList<BackupDirector> directors)
    {
        List<TunDevice> interfaces = [.. directors.Select((director, i) => Give(director, FirstPort + i))];
        Thread.Sleep(MasterDelay);
        List<Dictionary<string, string>> sent = [.. _listeners.Select(listener => LastOf(Receive(listener)))];
        foreach (TunDevice opened in interfaces) opened.Dispose();
        return sent;
    }

    public void Dispose()
    {
        foreach (Socket listener in _listeners) listener.Dispose();
    }

    private static Socket Listen(IPAddress source, int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        listener.Bind(new IPEndPoint(_group, port));
        listener.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group, source));
        return listener;
    }

    private static Dictionary<string, string> LastOf(List<byte[]> datagrams)
    {
        Dictionary<string, string> entries = [];
        foreach (string text in Entries.Of(datagrams)) entries[text[..text.IndexOf(" via ", StringComparison.Ordinal)]] = text;
        return entries;
    }

    private static TunDevice Give(BackupDirector director, int port)
    {
        List<KeptConnection> connections = director.Connections();
        NetworkNamespace.Set("ipv4/vs/sync_threshold", "0 0");
        NetworkNamespace.Set("ipv4/vs/sync_refresh_period", "10");
        var tun = TunDevice.Open(InterfaceName, IPAddress.Parse("10.10.255.254"), 16);
        foreach (string conf in new[] { "all", InterfaceName }) NetworkNamespace.Set($"ipv4/conf/{conf}/rp_filter", "0");
        Programs.Run("ip", "route add local 10.9.0.0/16 dev lo");
        Programs.Run("ip", $"route add 172.16.0.0/16 dev {InterfaceName}");
        director.Ipvs.StartDaemon(new SyncDaemon
        {
            Role = SyncDaemonRole.Master, Interface = "sync", SyncId = RealDirector.SyncId, Group = _group, Port = (ushort)port, MaxLength = MessageSize,
        });
        foreach (KeptConnection connection in connections)
        {
            if (PacketTo(connection.Key.Split(' ')) is byte[] packet && !tun.TryWrite(packet)) throw new IOException("the interface does not take packets");
        }

        return tun;
    }

    // The words are: protocol, client, port, virtual address, port.
    private static byte[]? PacketTo(string[] words)
    {
        if (words[1].Length != 2 * sizeof(uint) || !words[1].StartsWith("AC10", StringComparison.Ordinal)) return null;
        var client = new Endpoint(IpFamily.IPv4, AddressOf(words[1]), PortOf(words[2]));
        var service = new Endpoint(IpFamily.IPv4, AddressOf(words[3]), PortOf(words[4]));
        return words[0] switch
        {
            "TCP" => RawPacket.Tcp(client, service, TcpFlags.Ack),
            "UDP" => RawPacket.Udp(client, service),
            "SCTP" => RawPacket.Sctp(client, service, SctpChunk.Data),
            _ => null,
        };
    }

    private static Address AddressOf(string hex) => Address.FromIPv4(uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static ushort PortOf(string hex) => ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static List<byte[]> Receive(Socket listener)
    {
        List<byte[]> datagrams = [];
        byte[] buffer = new byte[ushort.MaxValue];
        while (listener.Available > 0) datagrams.Add(buffer[..listener.Receive(buffer)]);
        return datagrams;
    }
}
