using System.Globalization;

namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>Counts the connections in a copy of <c>/proc/net/ip_vs_conn</c>. For one text.</summary>
internal sealed class SampleReader
{
    private const string HeaderStart = "Pro FromIP";
    private const int MaxFaults = 5;

    private readonly Dictionary<(string Protocol, string State), int> _states = [];
    private readonly Dictionary<(string Protocol, string Virtual, string Port), int> _services = [];
    private readonly HashSet<(string Protocol, string Virtual, string Port)> _persistent = [];
    private readonly HashSet<UInt128> _clients = [];
    private readonly List<string> _faults = [];
    private int _malformed;
    private int _templates;
    private int _ipv6;

    /// <summary>Reads all of <paramref name="input"/>.</summary>
    /// <exception cref="IOException">The input fails.</exception>
    public static TableSample Read(TextReader input)
    {
        var reader = new SampleReader();
        int number = 0;
        while (input.ReadLine() is { } text)
        {
            number++;
            if (text.Length > 0 && !text.StartsWith(HeaderStart, StringComparison.Ordinal))
                reader.Take(text, number);
        }

        return reader.Sum();
    }

    private void Take(string text, int number)
    {
        if (!SampleLine.TryParse(text, out SampleLine? line, out string? fault))
        {
            if (_malformed++ < MaxFaults)
                _faults.Add($"line {number}: {fault}");
            return;
        }

        _ipv6 += line.IsIPv6 ? 1 : 0;
        if (line.IsTemplate)
        {
            _templates++;
            _persistent.Add((line.Protocol, line.Virtual, line.VirtualPort));
            return;
        }

        _clients.Add(UInt128.Parse(line.Client.Replace(":", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Count(_states, (line.Protocol, line.State));
        Count(_services, (line.Protocol, line.Virtual, line.VirtualPort));
    }

    private TableSample Sum()
    {
        int tcp = _states.Where(pair => pair.Key.Protocol == "TCP").Sum(pair => pair.Value);
        int udp = _states.Where(pair => pair.Key.Protocol == "UDP").Sum(pair => pair.Value);
        var sample = new TableSample
        {
            Established = Tcp("ESTABLISHED"),
            FinWait = Tcp("FIN_WAIT"),
            TimeWait = Tcp("TIME_WAIT"),
            Closed = Tcp("CLOSE"),
            Udp = udp,
            OtherProtocols = _states.Values.Sum() - tcp - udp,
            Templates = _templates,
            Persistent = _services.Where(pair => IsPersistent(pair.Key)).Sum(pair => pair.Value),
            IPv6 = _ipv6,
            Clients = _clients.Count,
            Malformed = _malformed,
            Faults = _faults,
        };
        return sample with { OtherTcp = tcp - sample.Tcp };
    }

    private int Tcp(string state) => _states.GetValueOrDefault(("TCP", state));

    /// <summary>A template of a service on all ports has port 0.</summary>
    private bool IsPersistent((string Protocol, string Virtual, string Port) service)
        => _persistent.Contains(service) || _persistent.Contains(service with { Port = "0000" });

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key) where TKey : notnull
        => counts[key] = counts.GetValueOrDefault(key) + 1;
}
