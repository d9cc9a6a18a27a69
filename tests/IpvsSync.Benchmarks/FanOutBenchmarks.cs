using System.Net;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// What it costs to send to hosts one by one instead of to a group, on lo: figures are per message of 40 entries, written once and sent to all. Nobody reads,
/// so that all sockets are full and the kernel drops what comes, after it has found the socket.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 4, iterationCount: 12)]
[MinColumn]
[MedianColumn]
public class FanOutBenchmarks : IDisposable
{
    private const int Batch = 32;
    private const int Operations = 32 * Batch;

    private readonly List<IDisposable> _open = [];
    private readonly DatagramBuffer[] _messages = [.. Enumerable.Range(0, Batch).Select(_ => new DatagramBuffer(BenchedLane.MessageSize))];
    private IDatagramSender? _sender;

    /// <summary>Hosts; 0 is the group.</summary>
    [Params(0, 1, 2, 4, 8)]
    public int Peers { get; set; }

    /// <summary>Writes messages and sends them.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void WriteAndSend()
    {
        for (int done = 0; done < Operations; done += Batch)
        {
            foreach (DatagramBuffer message in _messages)
                Write(message);
            _sender!.Send(_messages);
        }
    }

    /// <summary>Opens the sockets.</summary>
    [GlobalSetup]
    public void Open()
    {
        MulticastEndpoint group = LoopbackGroup.Next();
        if (Peers == 0)
        {
            _open.Add(MulticastReceiver.Open(group));
            _sender = MulticastSender.Open(group, loopback: true);
            return;
        }

        _open.Add(UnicastReceiver.Open("lo", group.Port));
        _sender = new FanOutSender([.. Enumerable.Range(1, Peers).Select(peer => UnicastSender.Open(
            new UnicastEndpoint { Interface = "lo", Address = new IPAddress([127, 0, 0, (byte)peer]), Port = group.Port }))]);
    }

    /// <summary>Closes the sockets.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _sender?.Dispose();
        foreach (IDisposable open in _open)
            open.Dispose();
        _open.Clear();
    }

    private static void Write(DatagramBuffer message)
    {
        var writer = MessageWriter.Start(message.Space, SyncVersion.V1, syncId: 5);
        for (int entry = 0; entry < BenchedLane.PerMessage; entry++)
            writer.TryWrite(Sample.Entry(entry));
        message.Length = writer.Length;
    }
}
