using IpvsSync.Daemon;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// One lane as in the director, from the decision to the socket: version 1, default message size, default policy. Each connection is due
/// for its refresh whenever its turn comes, so every decision is to send.
/// </summary>
internal sealed class BenchedLane : IDisposable
{
    /// <summary>The number of entries in a full message, all IPv4 without options.</summary>
    public const int PerMessage = 40;

    /// <summary>
    /// The maximum message size in bytes: with the room of the longest trailer, a full message takes the 1472 bytes that Ethernet carries.
    /// </summary>
    public const int MessageSize = 1448;

    /// <summary>The number of entries between two runs of the sender: four of its batches of 32 messages.</summary>
    public const int Burst = 4 * 32 * PerMessage;

    private const int RefreshTicks = 60_000;

    private readonly SyncSettings _settings = new() { Threshold = 0, Period = 0, RefreshTicks = RefreshTicks, Retries = 1 };
    private readonly StageCounters _counters = new("sent");
    private readonly Sink _sink = new();
    private readonly ConnectionEntry[] _connections;
    private readonly SyncMemory[] _memories;
    private readonly uint[] _places;
    private readonly UdpSender _socket;
    private readonly Lanes _lanes;
    private readonly Sender _sender;
    private readonly Thread? _thread;
    private long _now = 1L << 40;
    private int _next;
    private long _appended;

    /// <summary>Opens a lane for these connections.</summary>
    /// <param name="connections">All connections of the lane.</param>
    /// <param name="senderApart">Whether its sender runs on its own thread, for <see cref="RunBesideSender"/>.</param>
    /// <param name="isNumbered">Whether its messages are numbered, to be told again when they are lost.</param>
    public BenchedLane(ConnectionEntry[] connections, bool senderApart, bool isNumbered = false)
    {
        _connections = connections;
        _memories = new SyncMemory[connections.Length];
        _places = new uint[connections.Length];
        _socket = MulticastSender.Open(_sink.Endpoint, loopback: true);
        // Without a flush interval a burst leaves no partial message, because it fills its last one.
        var options = new LaneQueueOptions(SyncVersion.V1, 5, MessageSize, Limit: 4096, FlushIntervalMs: senderApart ? 20 : 0, TrailerRoom: FlowConstants.TrailerRoom);
        var queue = new LaneQueue(options, _counters, TimeProvider.System, isNumbered ? Extensions() : null);
        _lanes = new Lanes([queue]);
        _sender = new Sender(queue, _socket, _counters);
        _thread = senderApart ? new Thread(_sender.Run) { IsBackground = true, Name = "send" } : null;
        _thread?.Start();
    }

    /// <summary>Runs the decisions and the sender in turn on the calling thread.</summary>
    /// <param name="entries">A multiple of <see cref="Burst"/>.</param>
    public void RunAlone(int entries)
    {
        for (int done = 0; done < entries; done += Burst)
        {
            AppendBurst();
            while (Waiting > 0)
                _sender.Step();
        }
    }

    /// <summary>Runs the decisions on the calling thread, no further ahead of the sender's thread than the queue allows.</summary>
    /// <param name="entries">A multiple of <see cref="Burst"/>.</param>
    public void RunBesideSender(int entries)
    {
        for (int done = 0; done < entries; done += Burst)
        {
            AppendBurst();
            while (Waiting > 4 * Burst)
                Thread.Yield();
        }
    }

    /// <summary>Stops the sender and the sink.</summary>
    public void Dispose()
    {
        _lanes.Complete();
        _thread?.Join();
        _sink.Dispose();
        _socket.Dispose();
    }

    /// <summary>As many records are kept as in the director.</summary>
    private static LaneExtensions Extensions()
    {
        var table = new ConnectionTable(TimeProvider.System);
        var options = new LaneExtensionsOptions(Instance: 1, SyncId: 5, MessageSize, Lane: 0, Lanes: 1, SentHistory.CapacityFor(lanes: 1));
        return new LaneExtensions(options, table, new PeerOwners(sums: null), new Learner(new LearnerOptions(Lanes: 1, AloneAfterMs: 0, TimeLimitMs: 0)), table.NowMs);
    }

    /// <summary>The number of entries not sent yet. After a loss the wait for them would never end, so there are no figures.</summary>
    private long Waiting => _counters.Lost == 0 ? _appended - _counters.Entries : throw new InvalidOperationException("Messages were lost.");

    private void AppendBurst()
    {
        long nowMs = TimeProvider.System.Milliseconds();
        for (int i = 0; i < Burst; i++)
            Offer(nowMs);
        _lanes.Signal();
    }

    private void Offer(long nowMs)
    {
        ref readonly ConnectionEntry entry = ref _connections[_next];
        var facts = new SyncFacts
        {
            Timeout = entry.Timeout * 1000L, State = entry.State, Protocol = entry.Key.Protocol, Family = entry.Key.Family,
        };
        if (!SyncPolicy.Decide(facts, packets: 1, _now, _settings, ref _memories[_next]).IsSend())
            throw new InvalidOperationException("Every entry is meant to be sent.");
        if (_lanes.Append(entry, default, isUrgent: true, nowMs, record: _next + 1, ref _places[_next]) == Refusal.None)
            _appended++;
        if (++_next < _connections.Length)
            return;
        _next = 0;
        _now += 2 * RefreshTicks;
    }
}
