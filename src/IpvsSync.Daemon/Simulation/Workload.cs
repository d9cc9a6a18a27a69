using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// Generates the packets of many clients in time order, for the services of <see cref="WorkloadServices"/>. The same options give the same
/// packets. One thread; allocates only when the number of simultaneous connections reaches a new maximum.
/// </summary>
internal sealed class Workload
{
    private const uint FirstClient = 0xC6120000; // 198.18.0.0, reserved for benchmarks
    private const ushort FirstPort = 1024;
    private const double MillisecondsPerSecond = 1000;

    private readonly WorkloadOptions _options;
    private readonly Random _random;
    private readonly PriorityQueue<Flow, (double DueMs, long Order)> _flows = new();
    private readonly Stack<Flow> _spare = new();
    private Flow? _current;
    private double _arrivalMs;
    private long _order;
    private int _ports;

    /// <summary>Makes traffic that starts at 0 ms.</summary>
    public Workload(WorkloadOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        for (int i = 0; i < options.BusyConnections; i++)
            Begin(_random.NextDouble() * MillisecondsPerSecond, long.MaxValue, MillisecondsPerSecond / options.BusyPacketsPerSecond);
        _arrivalMs = NextArrival();
    }

    /// <summary>Returns the next packet and when it passes the director, in milliseconds.</summary>
    /// <returns>False if there is no traffic: no new connections and no permanent ones.</returns>
    public bool Next(out Packet packet, out long atMs)
    {
        (packet, atMs) = (default, 0);
        if ((_current ??= Next()) is not Flow flow)
            return false;
        double dueMs = flow.DueMs;
        (packet, atMs) = (flow.Next(), (long)dueMs);
        if (flow.IsOver)
            _spare.Push(flow);
        else if (flow.DueMs > dueMs)
            Queue(flow);
        else
            return true; // packets of a connection at one moment stay together
        _current = null;
        return true;
    }

    /// <summary>The next flow, after starting all connections that begin before it; null if nothing follows.</summary>
    private Flow? Next()
    {
        Flow? next;
        while (!_flows.TryPeek(out next, out _) || next.DueMs > _arrivalMs)
        {
            if (double.IsPositiveInfinity(_arrivalMs))
                return null;
            Arrive();
        }

        return _flows.Dequeue();
    }

    private void Arrive()
    {
        long packets = Math.Max(1, (long)Math.Round(_options.Packets.Sample(_random)));
        double lifetimeMs = _options.Lifetime.Sample(_random) * MillisecondsPerSecond;
        Begin(_arrivalMs, packets, lifetimeMs / packets);
        _arrivalMs = NextArrival();
    }

    private double NextArrival() => _options.ConnectionsPerSecond > 0
        ? _arrivalMs + Distribution.Exponential(MillisecondsPerSecond / _options.ConnectionsPerSecond).Sample(_random)
        : double.PositiveInfinity;

    private void Begin(double atMs, long packets, double intervalMs)
    {
        Flow flow = _spare.TryPop(out Flow? spare) ? spare : new Flow();
        flow.Begin(NewPacket(), packets, intervalMs, atMs, _options.HasReplies);
        Queue(flow);
    }

    private void Queue(Flow flow) => _flows.Enqueue(flow, (flow.DueMs, _order++));

    /// <summary>A packet of a random client and service, with a port that is reused only after all others.</summary>
    private Packet NewPacket()
    {
        bool isUdp = _random.NextDouble() < _options.UdpShare;
        bool isPersistent = _random.NextDouble() < _options.PersistentShare;
        _ports = (_ports + 1) % (ushort.MaxValue - FirstPort);
        return new Packet
        {
            Family = IpFamily.IPv4,
            Protocol = isUdp ? IpProtocol.Udp : IpProtocol.Tcp,
            Client = Address.FromIPv4(FirstClient + (uint)_random.Next(_options.Clients)),
            ClientPort = (ushort)(FirstPort + _ports),
            Virtual = WorkloadServices.VirtualAddress,
            VirtualPort = WorkloadServices.Port(isUdp, isPersistent),
        };
    }
}
