using System.Collections.Concurrent;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Flow;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>Many threads tell of the same connections at once, while the sweeper sends again: order is kept all the same.</summary>
public sealed class LaneOrderTests
{
    private const int Connections = 300;
    private const int Versions = 300;
    private const int Threads = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Lanes_ManyWriters_NoConnectionGoesBackOrChangesItsLane(int lanes)
    {
        var counters = new StageCounters("sent");
        var options = new LaneQueueOptions(SyncVersion.V1, 5, 512, Limit: 20, FlushIntervalMs: 1);
        LaneQueue[] queues = [.. Enumerable.Range(0, lanes).Select(_ => new LaneQueue(options, counters, TimeProvider.System))];
        Witness[] wires = [.. queues.Select(_ => new Witness())];
        // So short a period that repetitions and refreshes leave all the time.
        var outlet = new Outlet(new Lanes(queues), new RefreshSettings(PeriodMs: 2, Retries: 3), counters);
        var table = new ConnectionTable(TimeProvider.System, new TableOutlets(outlet));
        Thread[] senders = [.. queues.Select((queue, lane) => Start(new Sender(queue, wires[lane], counters).Run))];
        Thread[] writers = [.. Enumerable.Range(0, Threads).Select(part => Start(() => Write(table, outlet, part)))];
        Thread sweeper = Start(() => SweepUntil(table, writers, wires));

        foreach (Thread thread in (Thread[])[.. writers, sweeper])
            thread.Join();
        foreach (LaneQueue queue in queues)
            queue.Complete();
        foreach (Thread sender in senders)
            sender.Join();

        Assert.Empty(wires.SelectMany(wire => wire.Faults));
        List<ConnectionKey> seen = [.. wires.SelectMany(wire => wire.Newest.Keys)];
        Assert.Equal(Connections, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(wires.SelectMany(wire => wire.Newest), pair => Assert.Equal((uint)Versions, pair.Value));
    }

    private static Thread Start(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Each connection has one writer, as it has one kernel lane; its timeout is its version.</summary>
    private static void Write(ConnectionTable table, Outlet outlet, int part)
    {
        for (uint version = 1; version <= Versions; version++)
        {
            for (int number = part; number < Connections; number += Threads)
            {
                table.Apply(Entries.Tcp(number, timeout: version), Origin.Local);
                table.Apply(Entries.Tcp(number, timeout: version), Origin.Local);
            }

            outlet.Signal();
        }
    }

    private static void SweepUntil(ConnectionTable table, Thread[] writers, Witness[] wires)
    {
        while (Array.Exists(writers, writer => writer.IsAlive))
            table.Sweep();

        // What was dropped at the end is sent again, and nothing goes back afterwards.
        for (int round = 0; round < 200; round++)
        {
            table.Sweep();
            Thread.Sleep(1);
        }

        Until.Try(() =>
        {
            table.Sweep();
            return wires.Sum(wire => wire.Newest.Count(pair => pair.Value == Versions)) == Connections;
        });
    }

    /// <summary>Sees what leaves on one lane.</summary>
    private sealed class Witness : IDatagramSender
    {
        public ConcurrentDictionary<ConnectionKey, uint> Newest { get; } = [];

        public ConcurrentQueue<string> Faults { get; } = [];

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            foreach (DatagramBuffer datagram in datagrams)
            {
                foreach (ConnectionEntry entry in Messages.Read(datagram.Content))
                {
                    uint before = Newest.GetValueOrDefault(entry.Key);
                    if (entry.Timeout < before)
                        Faults.Enqueue($"{entry.Key}: {entry.Timeout} after {before}");
                    Newest[entry.Key] = entry.Timeout;
                }
            }

            return new SendOutcome(datagrams.Length, 0);
        }

        public void Dispose()
        {
        }
    }
}
