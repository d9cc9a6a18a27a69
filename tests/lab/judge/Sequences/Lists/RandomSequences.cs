using System.Globalization;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>
/// Random packets, services and settings that no real setup has. A refresh period is long, and no two timeouts are close together, so time
/// decides nothing.
/// </summary>
internal sealed class RandomSequences(int seed)
{
    private const int Packets = 60;
    private const int Refresh = 1000;
    private const int MostThreshold = 5;
    private const int Persistence = 300;

    // Two ticks: a connection whose port is used again exists until the next tick, and would receive a packet that starts no new one.
    private const string Pause = "20ms";
    private const int AtATime = 20;
    private const int Duration = 1500;

    private static readonly string[] _tcp = ["syn", "syn", "ack", "ack", "ack", "ack", "fin", "fin", "rst", "rst", "syn+ack", "syn+fin", "syn+rst", "fin+rst"];
    private static readonly string[] _udp = ["udp"];
    private static readonly string[] _sctp =
        ["init", "init-ack", "cookie-echo", "cookie-ack", "data", "data", "data", "shutdown", "shutdown-ack", "shutdown-complete", "error", "abort"];

    private readonly Random _random = new(seed);

    public IEnumerable<Sequence> Make(int count) => Enumerable.Range(1, count).Select(Next);

    private Sequence Next(int number)
    {
        byte protocol = Pick(IpProtocol.Tcp, IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp);
        Service service = AnyService(protocol);
        // Only a few run at the same time. Otherwise one processor would stretch them to where the shortest timeouts, 4 s, matter.
        string start = string.Create(CultureInfo.InvariantCulture, $"{number / AtATime * Duration}ms ");
        return new Sequence(
            string.Create(CultureInfo.InvariantCulture, $"random {number} of seed {seed}"), AnySettings(), service, start + AnyScript(protocol, service));
    }

    private SyncSettings AnySettings()
    {
        int period = Pick(0, 1, 4, 10, 50);
        int threshold = _random.Next(period is > 0 and < MostThreshold ? period : MostThreshold);
        SyncSettings settings = Settings(threshold, period, Maybe(2) ? Refresh : 0, _random.Next(4));
        if (Maybe(4)) settings = settings.PersistMode();
        return Maybe(3) ? settings.V0() : settings;
    }

    private Service AnyService(byte protocol)
    {
        Service service = Maybe(2) ? Nat(protocol) : Direct(protocol, _random.Next(4), 1 + _random.Next(3), _random.Next(4)).With(AnyScheduler());
        bool isPersistent = Maybe(2);
        if (isPersistent) service = service.Persistent(Persistence, Maybe(3) ? 24 : null);
        if (isPersistent && Maybe(3)) service = service.AllPorts();
        else if (Maybe(6)) service = service.Marked(7);
        if (protocol == IpProtocol.Udp && Maybe(6)) service = service.OnePacket();
        return Maybe(5) ? AsIPv6(service) : service;
    }

    private static Service AsIPv6(Service service) => service.Options.PrefixLength is null
        ? service.IPv6()
        : (service with { Options = service.Options with { PrefixLength = 64 } }).IPv6();

    private SchedulerKind AnyScheduler() => Pick(Enum.GetValues<SchedulerKind>());

    // Only a single real server's replies come from the connection's destination.
    private string AnyScript(byte protocol, Service service)
    {
        bool isAnswered = service.Method == ForwardingMethod.Masquerade;
        string[] kinds = protocol switch { IpProtocol.Tcp => _tcp, IpProtocol.Udp => _udp, _ => _sctp };
        List<string> words = [];
        for (int i = 0; i < Packets; i++)
        {
            if (Maybe(5)) words.Add(string.Create(CultureInfo.InvariantCulture, $"@{Pick(1, 2, 300)}"));
            if (Maybe(8)) words.Add(string.Create(CultureInfo.InvariantCulture, $":{_random.Next(3)}"));
            if (service.Options.Port == 0 && Maybe(8)) words.Add(Pick(">80", ">443"));
            words.Add(Pause);
            words.Add((isAnswered && Maybe(3) ? "<" : "") + Pick(kinds));
        }

        return string.Join(' ', words);
    }

    private bool Maybe(int one) => _random.Next(one) == 0;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
