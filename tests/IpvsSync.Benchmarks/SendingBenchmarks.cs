using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A lane's way from the decision to a multicast socket on lo. All figures are per entry: version 1, IPv4, 40 in a message of 1448 bytes,
/// of 65,536 connections in turn. The floors send prepared messages through the same kind of socket, without and with segments.
/// </summary>
/// <remarks>
/// Delivery on lo happens within the sender's system call, so all figures contain its cost. They do not contain the work of the
/// <see cref="Sink"/>'s own thread, except where it takes a processor away.
/// </remarks>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 4, iterationCount: 12)]
[MinColumn]
[MedianColumn]
public class SendingBenchmarks : IDisposable
{
    private const int Connections = 65_536;
    private const int Batch = 32;
    private const int Operations = 64 * BenchedLane.Burst;

    private readonly List<IDisposable> _open = [];
    private BenchedLane[] _lanes = [];
    private DatagramBuffer[] _ready = [];
    private UdpSender? _socket;
    private SideThread? _side;

    /// <summary>One lane: decision, queue and sender in turn on one thread, which is the whole cost of an entry.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Lane() => _lanes[0].RunAlone(Operations);

    /// <summary>The same, with messages that are numbered, so that they can be told again when they are lost.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void LaneNumbered() => _lanes[0].RunAlone(Operations);

    /// <summary>One lane with its sender on its own thread, as in the director.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void LaneWithSender() => _lanes[0].RunBesideSender(Operations);

    /// <summary>Two lanes at the same time, each as in <see cref="Lane"/> with half of the connections and of the entries.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void TwoLanes()
    {
        _side!.Start();
        _lanes[0].RunAlone(Operations / 2);
        _side.Wait();
    }

    /// <summary>The floor without segments.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void BareSendmmsg() => SendReady();

    /// <summary>The floor.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void BareSegmentation() => SendReady();

    /// <summary>Opens one lane.</summary>
    [GlobalSetup(Target = nameof(Lane))]
    public void OpenLane() => _lanes = OpenLanes(count: 1, senderApart: false);

    /// <summary>Opens one lane whose messages are numbered.</summary>
    [GlobalSetup(Target = nameof(LaneNumbered))]
    public void OpenLaneNumbered() => _lanes = OpenLanes(count: 1, senderApart: false, isNumbered: true);

    /// <summary>Opens one lane with its sender.</summary>
    [GlobalSetup(Target = nameof(LaneWithSender))]
    public void OpenLaneWithSender() => _lanes = OpenLanes(count: 1, senderApart: true);

    /// <summary>Opens two lanes, and a thread for the second.</summary>
    [GlobalSetup(Target = nameof(TwoLanes))]
    public void OpenTwoLanes()
    {
        _lanes = OpenLanes(count: 2, senderApart: false);
        _side = new SideThread(() => _lanes[1].RunAlone(Operations / 2));
        _open.Add(_side);
    }

    /// <summary>Opens a socket that sends datagrams one by one.</summary>
    [GlobalSetup(Target = nameof(BareSendmmsg))]
    public void OpenPlain()
    {
        OpenSegmented();
        _socket!.SendsRuns = false;
    }

    /// <summary>Opens a socket, and prepares the messages.</summary>
    [GlobalSetup(Target = nameof(BareSegmentation))]
    public void OpenSegmented()
    {
        var sink = new Sink();
        _socket = MulticastSender.Open(sink.Endpoint, loopback: true);
        _ready = [.. Enumerable.Range(0, Batch).Select(ReadyMessage)];
        _open.AddRange([_socket, sink]);
    }

    /// <summary>Stops threads and closes sockets.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (IDisposable open in _open)
            open.Dispose();
        _open.Clear();
    }

    private BenchedLane[] OpenLanes(int count, bool senderApart, bool isNumbered = false)
    {
        ConnectionEntry[] all = Sample.Entries(Connections);
        BenchedLane[] lanes =
        [
            .. Enumerable.Range(0, count).Select(lane =>
                new BenchedLane([.. all.Where(entry => Lanes.LaneOf(entry.Key, count) == lane)], senderApart, isNumbered)),
        ];
        _open.AddRange(lanes);
        return lanes;
    }

    private void SendReady()
    {
        for (int done = 0; done < Operations; done += Batch * BenchedLane.PerMessage)
        {
            if (_socket!.Send(_ready).Lost > 0)
                throw new InvalidOperationException("Messages were lost.");
        }
    }

    private static DatagramBuffer ReadyMessage(int number)
    {
        var message = new DatagramBuffer(BenchedLane.MessageSize);
        var writer = MessageWriter.Start(message.Space, SyncVersion.V1, syncId: 5);
        for (int i = 0; i < BenchedLane.PerMessage; i++)
            writer.TryWrite(Sample.Entry((number * BenchedLane.PerMessage) + i));
        message.Length = writer.Length;
        return message;
    }
}
