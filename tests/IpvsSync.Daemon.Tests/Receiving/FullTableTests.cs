using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Receiving;

/// <summary>A connection for which the table has no space is counted as refused for <see cref="TableRefusal.Full"/>, whoever announced it.</summary>
public sealed class FullTableTests
{
    private readonly StageCounters _counters = new("odd");

    [Fact]
    public void Receiver_TableIsFull_CountsEachConnectionThatHasNoSpace()
    {
        var table = new ConnectionTable(new FakeTimeProvider(), limit: 2);
        using var wire = new MemoryWire();
        wire.Put(Message(1, 2, 3, 4, 5));
        new Receiver(wire, default, Origin.Peer, table, _counters).Step();

        Assert.Equal(3, _counters.Refused(TableRefusal.Full));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Receiver_TableIsFull_KnownConnectionIsStillUpdated()
    {
        var table = new ConnectionTable(new FakeTimeProvider(), limit: 1);
        table.Apply(Entries.Tcp(1, state: 1), Origin.Peer);
        using var wire = new MemoryWire();
        wire.Put(Message(1));
        new Receiver(wire, default, Origin.Peer, table, _counters).Step();

        Assert.Equal(0, _counters.Refused(TableRefusal.Full));
    }

    [Fact]
    public void EmbeddedFeed_TableIsFull_CountsEachConnectionThatHasNoSpace()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new SyncOptions { Kernel = new KernelOptions { Mode = KernelMode.Embedded } };
        Outlet outlet = MasterPipeline.MakeOutlet(options, new SyncMetrics(services.GetRequiredService<IMeterFactory>()));
        var time = new FakeTimeProvider();
        var table = new ConnectionTable(time, limit: 1);
        var workload = new WorkloadOptions { ConnectionsPerSecond = 100, BusyConnections = 10 };
        using var feed = new EmbeddedFeed(options, workload, table, outlet, _counters, time);
        feed.Stop();
        RunFor(feed, time, TimeSpan.FromSeconds(5));

        Assert.Equal(1, table.Count);
        Assert.InRange(_counters.Refused(TableRefusal.Full), 1, _counters.Entries);
    }

    /// <summary>Runs the feed, which has been told to stop, for one step that begins at 0 and ends after <paramref name="span"/>.</summary>
    private static void RunFor(EmbeddedFeed feed, FakeTimeProvider time, TimeSpan span)
    {
        time.AutoAdvanceAmount = span;
        feed.Run();
    }

    private static byte[] Message(params int[] numbers)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, 0);
        foreach (int number in numbers)
            Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(number)));
        return buffer[..writer.Length];
    }
}
