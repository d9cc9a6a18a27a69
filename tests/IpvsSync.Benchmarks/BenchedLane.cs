using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// One lane as the director has it, from the decision to the socket: version 1, default message size, default policy. Each connection is due
/// for its refresh each time it comes up, so that every decision is to send.
/// </summary>
internal sealed class BenchedLane : IDisposable
{
    /// <summary>Entries in a full message, all IPv4 without options.</summary>
    public const int PerMessage = 40;

    /// <summary>Header and full message of entries: 1448 bytes of the 1472 that Ethernet carries.</summary>
    public const int MessageSize = 1472;

    /// <summary>Entries between two turns of the sender: four of its batches of 32 messages.</summary>
    public const int Burst = 4 * 32 * PerMessage;

    private const int RefreshTicks = 60_000;

    private readonly SyncSettings _settings = new() { Threshold = 0, Period = 0, RefreshTicks = RefreshTicks, Retries = 1 };
    private readonly StageCounters _counters = new("sent");
    private readonly Sink _sink = new();
    private readonly ConnectionEntry[] _connections;
    private readonly SyncMemory[] _memories;
    private readonly MulticastSender _socket;
    private readonly Lanes _lanes;
    private readonly Sender _sender;
    private readonly Thread? _thread;
    private long _now = 1L << 40;
    private int _next;
    private long _appended;

    /// <summary>The lane of these connections.</summary>
    /// <param name="connections">All of the lane's.</param>
    /// <param name="senderApart">Whether its sender runs on a thread of its own, for <see cref="RunBesideSender"/>.</param>
    public BenchedLane(ConnectionEntry[] connections, bool senderApart)
    {
        _connections = connections;
        _memories = new SyncMemory[connections.Length];
        _socket = MulticastSender.Open(_sink.Endpoint, loopback: true);
        // Without a flush interval a burst leaves no rest, since it fills its last message.
        var options = new LaneQueueOptions(SyncVersion.V1, 5, MessageSize, Limit: 4096, FlushIntervalMs: senderApart ? 20 : 0);
        var queue = new LaneQueue(options, _counters, TimeProvider.System);
        _lanes = new Lanes([queue]);
        _sender = new Sender(queue, _socket, _counters);
        _thread = senderApart ? new Thread(_sender.Run) { IsBackground = true, Name = "send" } : null;
        _thread?.Start();
    }

    /// <summary>Both pipelines in turn on the calling thread.</summary>
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

    /// <summary>The first half on the calling thread, not further ahead of the sender's own than the queue allows.</summary>
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

    /// <summary>Ends the sender and the sink.</summary>
    public void Dispose()
    {
        _lanes.Complete();
        _thread?.Join();
        _sink.Dispose();
        _socket.Dispose();
    }

    /// <summary>Entries on their way. What is lost would be waited for; then there would be no figures.</summary>
    private long Waiting => _counters.Lost == 0 ? _appended - _counters.Entries : throw new InvalidOperationException("Messages were lost.");

    private void AppendBurst()
    {
        for (int i = 0; i < Burst; i++)
            Offer();
        _lanes.Signal();
    }

    private void Offer()
    {
        ref readonly ConnectionEntry entry = ref _connections[_next];
        var facts = new SyncFacts
        {
            Timeout = entry.Timeout * 1000L, State = entry.State, Protocol = entry.Key.Protocol, Family = entry.Key.Family,
        };
        if (!SyncPolicy.Decide(facts, packets: 1, _now, _settings, ref _memories[_next]).IsSend())
            throw new InvalidOperationException("Every entry is meant to be sent.");
        if (_lanes.Append(entry, default) == Refusal.None)
            _appended++;
        if (++_next < _connections.Length)
            return;
        _next = 0;
        _now += 2 * RefreshTicks;
    }
}
