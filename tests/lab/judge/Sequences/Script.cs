using System.Globalization;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>
/// Packets as words, separated by blanks: <c>syn ack fin rst udp init cookie-echo data</c> from the client, <c>&lt;syn</c> from the server
/// (with ACK), <c>ack*50</c> fifty of them, <c>400ms</c> a pause, <c>@2</c> from here on client 2 (with its own address), <c>:1</c> from
/// here on its port 1.
/// </summary>
internal sealed class Script(Service service)
{
    private readonly List<Step> _steps = [];
    private int _wait;
    private int _client;
    private int _port;
    private ushort _virtualPort = service.FirstPort;

    public static IReadOnlyList<Step> Parse(string text, Service service)
    {
        var script = new Script(service);
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) script.Add(word);
        if (script._wait > 0) script._steps.Add(new Step(script._wait, null));
        return script._steps;
    }

    private void Add(string word)
    {
        if (word.EndsWith("ms", StringComparison.Ordinal)) _wait += Number(word[..^2]);
        else if (word[0] == '@') _client = Number(word[1..]);
        else if (word[0] == ':') _port = Number(word[1..]);
        else if (word[0] == '>') _virtualPort = (ushort)Number(word[1..]);
        else AddPackets(word);
    }

    private void AddPackets(string word)
    {
        string[] parts = word.Split('*');
        bool isReply = parts[0][0] == '<';
        string name = parts[0].TrimStart('<');
        for (int count = parts.Length > 1 ? Number(parts[1]) : 1; count > 0; count--)
        {
            _steps.Add(new Step(_wait, PacketOf(name, isReply)));
            _wait = 0;
        }
    }

    private Packet PacketOf(string name, bool isReply)
    {
        (byte protocol, TcpFlags flags, SctpChunk chunk) = Meaning(name, isReply);
        return new Packet
        {
            Family = service.Options.Family, Protocol = protocol, TcpFlags = flags, SctpChunk = chunk, IsReply = isReply, Fwmark = service.Options.Fwmark,
            Client = Topology.Client(service.Options.Family, _client), ClientPort = (ushort)(Topology.FirstClientPort + _port),
            Virtual = Topology.Virtual(service.Options.Family), VirtualPort = _virtualPort,
        };
    }

    private static (byte Protocol, TcpFlags Flags, SctpChunk Chunk) Meaning(string name, bool isReply) => name switch
    {
        "syn" => (IpProtocol.Tcp, isReply ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn, default),
        "ack" => (IpProtocol.Tcp, TcpFlags.Ack, default),
        "fin" => (IpProtocol.Tcp, TcpFlags.Fin | TcpFlags.Ack, default),
        "rst" => (IpProtocol.Tcp, TcpFlags.Rst, default),
        "syn+ack" => (IpProtocol.Tcp, TcpFlags.Syn | TcpFlags.Ack, default),
        "syn+fin" => (IpProtocol.Tcp, TcpFlags.Syn | TcpFlags.Fin, default),
        "syn+rst" => (IpProtocol.Tcp, TcpFlags.Syn | TcpFlags.Rst, default),
        "fin+rst" => (IpProtocol.Tcp, TcpFlags.Fin | TcpFlags.Rst, default),
        "udp" => (IpProtocol.Udp, TcpFlags.None, default),
        _ => (IpProtocol.Sctp, TcpFlags.None, Enum.Parse<SctpChunk>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
