using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Gets the last record out of the kernel's master. Left alone, the kernel holds a record until another one pushes it out or 2-3 s
/// pass, and then sleeps another 20 ms unless eight messages wait (spec §5.3-5.6). So while there is traffic, at every tick:
/// 1. a private connection, which reaches nobody, is moved between closing states by packets of ours; each change is a record;
/// 2. the first of those records pushes out the real one that waited, the eighth wakes the kernel's sender;
/// 3. the feed recognises ours by their address and drops them.
/// Runs on its own thread.
/// </summary>
internal sealed class Pusher : IDisposable
{
    /// <summary>Queued messages at which the kernel wakes its sender at once (spec §5.1, WAKEUP_RATE).</summary>
    private const int WakeupRate = 8;

    /// <summary>The interface that carries our packets into the kernel; it vanishes with us.</summary>
    private const string InterfaceName = "ipvspush0";

    /// <summary>Pushes without an echo after which the service is looked after: about half a second at the default interval.</summary>
    private const int Patience = 100;

    /// <summary>How long the last push may take to come back.</summary>
    private const int LastEchoMs = 100;

    private readonly PushAddresses _addresses;
    private readonly PushLanes _lanes;
    private readonly IpvsClient _client;
    private readonly ILogger _log;
    private readonly int _laneCount;
    private readonly int _intervalMs;
    private readonly TrafficGauge _gauge;
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private TunDevice _tun;
    private bool _trailing = true; // the first push finds the lanes before there is traffic
    private int _unanswered;
    private long _seenBefore;
    private bool _complained;

    private Pusher(PushAddresses addresses, PushLanes lanes, int laneCount, int intervalMs, ILogger log)
    {
        _addresses = addresses;
        _lanes = lanes;
        _laneCount = laneCount;
        _intervalMs = intervalMs;
        _log = log;
        _tun = OpenInterface(addresses);
        _client = IpvsClient.Open();
        _gauge = new TrafficGauge();
    }

    /// <summary>
    /// Makes the private interface, service and real server. A director that cannot push still works, later: then this says so in the
    /// log and returns null.
    /// </summary>
    public static Pusher? TryOpen(PushAddresses addresses, PushLanes lanes, int laneCount, int intervalMs, ILogger log)
    {
        Pusher? pusher = null;
        try
        {
            pusher = new Pusher(addresses, lanes, laneCount, intervalMs, log);
            pusher.EnsureService();
            return pusher;
        }
        catch (KernelException exception)
        {
            pusher?.Dispose();
            log.CannotPush(exception.Message);
            return null;
        }
    }

    /// <summary>The private service as the kernel knows it.</summary>
    public static IpvsService Service(PushAddresses addresses) => new()
    {
        Protocol = Protocol.IpProtocol.Tcp,
        Address = addresses.Service,
        Port = PushAddresses.ServicePort,
        Scheduler = "rr",
        PrefixLength = 32,
    };

    /// <summary>Pushes until <see cref="Stop"/>, then once more, and waits a moment for the echo: what waited is out then.</summary>
    public void Run()
    {
        while (!_stop.Wait(_intervalMs))
            Tick();
        long seen = _lanes.Seen;
        _trailing = true;
        Tick();
        SpinWait.SpinUntil(() => _lanes.Seen != seen, LastEchoMs);
    }

    /// <summary>One tick: pushes if there was traffic since the last one, and once more after it has ended.</summary>
    public void Tick()
    {
        bool moved = _gauge.Moved();
        if (!moved && !_trailing)
            return;
        _trailing = moved;
        for (int lane = 0; lane < _laneCount; lane++)
            PushLane(lane);
        _gauge.Moved(); // our own packets do not count
        CheckEcho();
    }

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Stop() => _stop.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        _tun.Dispose();
        _client.Dispose();
        _gauge.Dispose();
        _stop.Dispose();
    }

    private static TunDevice OpenInterface(PushAddresses addresses)
        => TunDevice.Open(InterfaceName, addresses.Service, PushAddresses.PrefixLength);

    private void PushLane(int lane)
    {
        PushPackets packets = _lanes.For(lane) ?? _lanes.Candidate();
        for (int records = 0; records < WakeupRate; records += PushPackets.RecordsPerRound)
        {
            foreach (byte[] packet in packets.Round)
                _tun.TryWrite(packet);
        }
    }

    /// <summary>Somebody may have flushed all services or taken our interface down: noticed by the silence, mended, said once.</summary>
    private void CheckEcho()
    {
        long seen = _lanes.Seen;
        _unanswered = seen == _seenBefore ? _unanswered + 1 : 0;
        if (_unanswered == 0 && _complained)
            _log.PushesComeBack();
        _complained &= _unanswered > 0;
        _seenBefore = seen;
        if (_unanswered >= Patience)
            Mend();
    }

    private void Mend()
    {
        _unanswered = 0;
        if (!_complained)
            _log.PushesLost();
        _complained = true;
        try
        {
            _tun.Dispose();
            _tun = OpenInterface(_addresses);
            EnsureService();
        }
        catch (KernelException exception)
        {
            _log.CannotMend(exception.Message);
        }
    }

    private void EnsureService()
    {
        IpvsService service = Service(_addresses);
        Ensure(() => _client.AddService(service));
        Ensure(() => _client.AddDestination(service, new IpvsDestination
        {
            Address = _addresses.RealServer,
            Port = PushAddresses.ServicePort,
            ForwardingMethod = (uint)Protocol.ConnectionFlags.IP_VS_CONN_F_DROUTE,
            Weight = 1,
        }));
    }

    private static void Ensure(Action add)
    {
        try
        {
            add();
        }
        catch (KernelException exception) when (exception.Errno == Errno.EEXIST)
        {
            // Left by a daemon that was killed, and just what we want.
        }
    }
}
