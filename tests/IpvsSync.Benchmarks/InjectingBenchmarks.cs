using System.Net;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A burst of new connections on its way from a peer's messages to messages for the kernel, on one thread: read, bound to one of two real servers, stored in
/// an empty table that expects them, encoded again. Figures are per entry: version 1, IPv4, 40 in a message. The floor reads and encodes the
/// same entries and keeps nothing. Neither has a socket.
/// </summary>
[MemoryDiagnoser]
[InThisProcess(warmups: 4, runs: 15)]
[MinColumn]
[MedianColumn]
public class InjectingBenchmarks
{
    /// <summary>New connections of a burst.</summary>
    public const int Connections = 200_000;

    private const int Batch = 32;

    private readonly DatagramBuffer[] _messages = Encode();
    private readonly DatagramBuffer _copy = new(DatagramBuffer.MaxPayload);
    private ConnectionTable? _table;
    private Receiver? _receiver;
    private Sender? _sender;

    /// <summary>Makes an empty table, and has its memory ready.</summary>
    [IterationSetup]
    public void MakeTable()
    {
        var counters = new StageCounters("injected");
        var options = new LaneQueueOptions(
            SyncVersion.V1, 0, BenchedLane.MessageSize, int.MaxValue, 2, Coalesces: false, History: SentHistory.CapacityFor(1), Expected: Connections);
        var queue = new LaneQueue(options, counters, TimeProvider.System);
        var outlet = new Outlet(new Lanes([queue]), new RefreshSettings(5000, Retries: 0), counters);
        _table = new ConnectionTable(TimeProvider.System, new TableOutlets(toKernel: outlet, destinations: Destinations()));
        _table.Expect(Connections);
        _table.Memory.Records.Prepare();
        _table.Memory.Index.Prepare();
        _sender = new Sender(queue, new Nowhere(), counters);
        _receiver = new Receiver(
            new Nobody(), new ReaderOptions { SyncId = 5 }, Origin.Peer, _table, new StageCounters("received"), peers: new LanePeers(new PeerRegistry(1), 0));
    }

    /// <summary>The floor: reads and encodes.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Connections)]
    public int BareCodec()
    {
        int count = 0;
        foreach (DatagramBuffer message in _messages)
        {
            var reader = new MessageReader(message.Content, new ReaderOptions { SyncId = 5 });
            var writer = MessageWriter.Start(_copy.Space, SyncVersion.V1, 0);
            while (reader.Read(out ConnectionEntry entry))
                count += writer.TryWrite(entry) == Refusal.None ? 1 : 0;
        }

        return count;
    }

    /// <summary>Receiver, table and lane.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public void MessagesToMessages()
    {
        for (int first = 0; first < _messages.Length; first += Batch)
        {
            _receiver!.Handle(_messages.AsSpan(first, Math.Min(Batch, _messages.Length - first)), link: 0);
            while (_sender!.TryStep())
                continue;
        }

        if (_table!.Count != Connections || _table.Unbound > 0)
            throw new InvalidOperationException("Every connection is meant to be new, and to have a real server.");
    }

    private static DatagramBuffer[] Encode()
    {
        List<DatagramBuffer> messages = [];
        for (int number = 0; number < Connections;)
        {
            var message = new DatagramBuffer(BenchedLane.MessageSize);
            var writer = MessageWriter.Start(message.Space, SyncVersion.V1, 5);
            while (number < Connections && writer.TryWrite(Entry(number)) == Refusal.None)
                number++;
            message.Length = writer.Length;
            messages.Add(message);
        }

        return [.. messages];
    }

    private static ConnectionEntry Entry(int number)
    {
        ConnectionEntry entry = Sample.Entry(number);
        return entry with { Real = Address.FromIPv4((uint)entry.Real.Low + (uint)(number & 1)) };
    }

    private static DestinationCache Destinations()
    {
        ConnectionEntry entry = Sample.Entry(0);
        var service = new ServiceName(entry.Key.Family, 0, entry.Key.Protocol, entry.Key.Virtual, entry.Key.VirtualPort);
        IpvsDestination[] servers = [.. Enumerable.Range(0, 2).Select(number => new IpvsDestination
        {
            Address = IPAddress.Parse(Entry(number).Real.ToString()), Port = entry.RealPort, Weight = 1,
        })];
        var cache = new DestinationCache();
        cache.Update(new DestinationSnapshot([(service, servers)]), KernelTimeouts.Default);
        return cache;
    }

    private sealed class Nowhere : IDatagramSender
    {
        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams) => new(datagrams.Length, 0);

        public void Dispose()
        {
        }
    }

    private sealed class Nobody : IDatagramReceiver
    {
        public long Dropped => 0;

        public int Receive(ReadOnlySpan<DatagramBuffer> buffers) => 0;

        public void Shutdown()
        {
        }

        public void Dispose()
        {
        }
    }
}
