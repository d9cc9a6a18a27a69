using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A lane's way from a multicast socket on lo into the table, on one thread: datagrams that wait in the socket's buffer are received, read
/// and applied. All figures are per entry: version 1, IPv4, 40 in a message of 1448 bytes, each a refresh of a known connection. The floor
/// receives the same datagrams from the kernel and does not read them.
/// </summary>
[MemoryDiagnoser]
[InThisProcess(warmups: 4, runs: 15)]
[MinColumn]
[MedianColumn]
public class ReceivingBenchmarks : IDisposable
{
    private readonly DrainCost _cost = new();
    private readonly StageCounters _counters = new("received");
    private readonly DatagramBuffer[] _batch = [.. Enumerable.Range(0, 32).Select(_ => new DatagramBuffer(DatagramBuffer.MaxPayload))];
    private FullSocket? _socket;
    private Receiver? _receiver;

    /// <summary>The number of connections in the table.</summary>
    [Params(1_000_000, 10_000_000)]
    public int Connections { get; set; }

    /// <summary>Opens the socket.</summary>
    [GlobalSetup(Target = nameof(BareRecvmmsg))]
    public void OpenSocket() => _socket = new FullSocket(Connections);

    /// <summary>Opens the socket, and fills the table.</summary>
    [GlobalSetup(Target = nameof(SocketToTable))]
    public void OpenReceiver()
    {
        OpenSocket();
        var table = new ConnectionTable(TimeProvider.System);
        for (int i = 0; i < Connections; i++)
            table.Apply(Sample.Entry(i), Origin.Peer);
        _receiver = new Receiver(_socket!.Receiver, new ReaderOptions { SyncId = 5 }, Origin.Peer, table, _counters, peers: new LanePeers(new PeerRegistry(1), 0));
    }

    /// <summary>Fills the socket's buffer.</summary>
    [IterationSetup]
    public void Fill() => _socket!.Fill();

    /// <summary>The floor: receives the datagrams from the kernel.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = FullSocket.Entries)]
    public void BareRecvmmsg()
    {
        _cost.Start();
        for (int received = 0; received < FullSocket.Messages;)
            received += _socket!.Receiver.Receive(_batch);
        _cost.End();
    }

    /// <summary>The receiver of a lane.</summary>
    [Benchmark(OperationsPerInvoke = FullSocket.Entries)]
    public void SocketToTable()
    {
        _cost.Start();
        for (long end = _counters.Messages + FullSocket.Messages; _counters.Messages < end;)
            _receiver!.Step();
        _cost.End();
        if (_receiver!.NewConnections > 0 || _counters.Entries != _counters.Messages * BenchedLane.PerMessage)
            throw new InvalidOperationException("Every connection is meant to be known.");
    }

    /// <summary>Closes the socket, and prints the cost of the drains.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _socket?.Dispose();
        _cost.Print(FullSocket.Entries);
    }
}
