using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Peers;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests;

/// <summary>The whole way of a record, feed to injector, step by step on one thread so that its allocations can be told.</summary>
public sealed class FlowAllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Records = 1_000_000;
    private const int PerRound = 100;
    private const int Connections = 5_000;

    // It stands still: what is done each second or less often is not counted.
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryWire _feedWire = new(batch: 32);
    private readonly MemoryWire _peerWire = new(batch: 32);
    private readonly MemoryWire _kernelWire = new(batch: 32);
    private readonly StageCounters _feedCounters = new("feed");
    private readonly StageCounters _sentCounters = new("sent");
    private readonly StageCounters _receivedCounters = new("received");
    private readonly StageCounters _injectedCounters = new("injected");

    public void Dispose()
    {
        _feedWire.Dispose();
        _peerWire.Dispose();
        _kernelWire.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void MillionRecords_SenderAndReceiver_AllocateNothing(bool hasExtensions, bool isSigned)
    {
        var outlet = new Outlet(lanes: null, RefreshSettings.For(60, 1, timeoutMargin: 20), _sentCounters);
        var master = new ConnectionTable(_time, new TableOutlets(outlet), sums: hasExtensions ? new OwnerSums() : null);
        var queue = new LaneQueue(
            new LaneQueueOptions(SyncVersion.V1, 5, 1448, 1000, 0, TrailerRoom: FlowConstants.TrailerRoom), _sentCounters, _time,
            hasExtensions ? Extensions(1, master, isSigned) : null);
        outlet.Open(new Lanes([queue]), master.NowMs);
        var feed = new Receiver(_feedWire, default, Origin.Local, master, _feedCounters);
        var sender = new Sender(queue, _peerWire, _sentCounters);
        var kernelQueue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, 1000, 0), _injectedCounters, _time);
        var kernelOutlet = new Outlet(new Lanes([kernelQueue]), new RefreshSettings(5000, 0), _injectedCounters);
        var pacer = new InjectorPacer(() => new UdpQueue(0, 212992, 0), _ => { });
        using var kernelSocket = new PacedSender(_kernelWire, pacer, kernelQueue, _injectedCounters, _time);
        var injector = new Sender(kernelQueue, kernelSocket, _injectedCounters);
        var backup = new ConnectionTable(_time, new TableOutlets(toKernel: kernelOutlet), sums: hasExtensions ? new OwnerSums() : null);
        LaneExtensions? backupSide = hasExtensions ? Extensions(2, backup, isSigned) : null;
        // It has answered, so that what it says is taken.
        backupSide?.Windows.Vouch(new Trailer(1, 0, 1, TrailerType.Signed), highest: 0, hasDropped: false, default, backup.NowMs);
        var receiver = new Receiver(
            _peerWire, new ReaderOptions { SyncId = 5 }, Origin.Peer, backup, _receivedCounters, peers: new LanePeers(new PeerRegistry(1), 0),
            inbox: hasExtensions ? new LaneInbox(backupSide!, takesEntries: true) : null);
        DatagramBuffer[] kernelReads = [.. Enumerable.Range(0, 32).Select(_ => new DatagramBuffer(65507))];
        byte[] record = new byte[64];

        long passed = Pass(Connections * 2, 0);
        long allocated = Allocations.Least(() => passed += Pass(Records, passed));

        output.WriteLine($"allocated on this thread by {Records} records: {allocated} bytes");
        Assert.Equal(passed, _injectedCounters.Entries);
        Assert.Equal(0, allocated);

        long Pass(int count, long start)
        {
            for (int done = 0; done < count; done += PerRound)
            {
                for (int i = 0; i < PerRound; i++)
                {
                    var writer = MessageWriter.Start(record, SyncVersion.V1, 0);
                    // Another timeout each time around: what says nothing new would not leave.
                    int number = (int)start + done + i;
                    writer.TryWrite(Entries.Tcp(number % Connections, timeout: 900 + (uint)(number / Connections % 2)));
                    _feedWire.Put(record.AsSpan(0, writer.Length));
                }

                while (feed.Step())
                    continue;
                for (long target = start + done + PerRound; _sentCounters.Entries < target;)
                    sender.Step();
                while (receiver.Step())
                    continue;
                for (long target = start + done + PerRound; _injectedCounters.Entries < target;)
                    injector.Step();
                while (_kernelWire.Receive(kernelReads) > 0)
                    continue;
            }

            return count;
        }
    }

    private static LaneExtensions Extensions(uint instance, ConnectionTable table, bool isSigned) => new(
        new LaneExtensionsOptions(instance, SyncId: 5, MessageSize: 1448, Lane: 0, Lanes: 1, History: 1 << 14, Authentication: isSigned ? new LaneAuthentication(new KeyStore { Ring = Keys.Ring(true, Keys.Of(1)) }, lane: 0) : null), table, new PeerOwners(table.Sums), IdleLearner.Make(), table.NowMs);
}
