using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>The network of tests does to datagrams what a network does, and its receivers are like sockets.</summary>
public sealed class MemoryNetworkTests : IDisposable
{
    private const int Many = 1000;

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryNetwork _network;
    private readonly MemoryHost _a;
    private readonly MemoryHost _b;
    private readonly MemoryHost _c;
    private readonly DatagramBuffer[] _buffers = [.. Enumerable.Range(0, 64).Select(_ => new DatagramBuffer(1500))];

    public MemoryNetworkTests()
    {
        _network = new MemoryNetwork(_time, seed: 7);
        SyncOptions options = new() { SyncPorts = 2 };
        (_a, _b, _c) = (_network.AddHost(options, "192.0.2.1"), _network.AddHost(options, "192.0.2.2"), _network.AddHost(options, "192.0.2.3"));
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Send_NoFaults_EveryOtherHostReceivesAllInOrder()
    {
        using IDatagramReceiver own = _a.OpenPeerReceiver(0), other = _b.OpenPeerReceiver(0), third = _c.OpenPeerReceiver(0), otherLane = _b.OpenPeerReceiver(1);
        Send(_a, Enumerable.Range(0, Many));

        Assert.Equal(Enumerable.Range(0, Many), Drain(other));
        Assert.Equal(SourceAddress.From(System.Net.IPAddress.Parse("192.0.2.1")), _buffers[0].Source);
        Assert.Equal(Enumerable.Range(0, Many), Drain(third));
        Assert.Empty(Drain(own));
        Assert.Empty(Drain(otherLane));
    }

    [Fact]
    public void Send_Loss_IsOfSingleDatagramsAndTheSameForTheSameSeed()
    {
        _network.Faults = new NetworkFaults(Loss: 0.2);
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Send(_a, Enumerable.Range(0, Many));
        int[] arrived = Drain(receiver);
        Assert.InRange(arrived.Length, Many * 75 / 100, Many * 85 / 100);
        Assert.Equal(arrived.Order().Distinct(), arrived);

        using MemoryNetwork again = new(_time, seed: 7) { Faults = _network.Faults };
        MemoryHost sender = again.AddHost(new SyncOptions(), "192.0.2.1");
        using IDatagramReceiver same = again.AddHost(new SyncOptions(), "192.0.2.2").OpenPeerReceiver(0);
        Send(sender, Enumerable.Range(0, Many));
        Assert.Equal(arrived, Drain(same));
    }

    [Fact]
    public void Send_Loss_IsAnotherForEachReceiver()
    {
        _network.Faults = new NetworkFaults(Loss: 0.5);
        using IDatagramReceiver second = _b.OpenPeerReceiver(0), third = _c.OpenPeerReceiver(0);
        Send(_a, Enumerable.Range(0, Many));

        Assert.NotEqual(Drain(second), Drain(third));
    }

    [Fact]
    public void Send_Duplication_SomeArriveTwice()
    {
        _network.Faults = new NetworkFaults(Duplication: 0.3);
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Send(_a, Enumerable.Range(0, Many));

        int[] arrived = Drain(receiver);
        Assert.InRange(arrived.Length, Many * 12 / 10, Many * 14 / 10);
        Assert.Equal(Enumerable.Range(0, Many), arrived.Distinct());
    }

    [Fact]
    public void Send_Delay_ArrivesInOrderWhenItIsOver()
    {
        _network.Faults = new NetworkFaults(Delay: TimeSpan.FromMilliseconds(40));
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Send(_a, [1, 2]);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Send(_a, [3]);
        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.Empty(Drain(receiver));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([1, 2], Drain(receiver));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal([3], Drain(receiver));
    }

    [Fact]
    public void Send_Jitter_ArriveInAnotherOrder()
    {
        _network.Faults = new NetworkFaults(Jitter: TimeSpan.FromMilliseconds(10));
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Send(_a, Enumerable.Range(0, 100));
        _time.Advance(TimeSpan.FromMilliseconds(10));

        int[] arrived = Drain(receiver);
        Assert.NotEqual(Enumerable.Range(0, 100), arrived);
        Assert.Equal(Enumerable.Range(0, 100), arrived.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Send_LinkIsCut_NothingArrivesUntilItIsMended(bool isTheSenders)
    {
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        MemoryHost host = isTheSenders ? _a : _b;
        host.IsCut = true;
        Assert.Equal(new SendOutcome(1, 0), Send(_a, [1]));
        host.IsCut = false;
        Send(_a, [2]);

        Assert.Equal([2], Drain(receiver));
    }

    [Fact]
    public void Send_LinkIsCutWhileOnTheWay_Lost()
    {
        _network.Faults = new NetworkFaults(Delay: TimeSpan.FromMilliseconds(5));
        using IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Send(_a, [1]);
        _b.IsCut = true;
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _b.IsCut = false;

        Assert.Empty(Drain(receiver));
    }

    [Fact]
    public void Send_ReceiverIsFull_IsDroppedAndCounted()
    {
        MemoryHost small = _network.AddHost(new SyncOptions { SocketBufferSize = 8192 }, "192.0.2.4");
        using IDatagramReceiver receiver = small.OpenPeerReceiver(0);
        Send(_a, Enumerable.Range(0, Many));
        long dropped = receiver.Dropped;

        Assert.NotEqual(0, dropped);
        Assert.Equal(Enumerable.Range(0, Many - (int)dropped), Drain(receiver));
        using IDatagramReceiver roomAgain = small.OpenPeerReceiver(0);
        Send(_a, [1]);
        Assert.Equal([1], Drain(roomAgain));
    }

    [Fact]
    public async Task Receive_Empty_WaitsForADatagramAndForTheShutdown()
    {
        IDatagramReceiver receiver = _b.OpenPeerReceiver(0);
        Task<int> first = Task.Factory.StartNew(() => receiver.Receive(_buffers), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Send(_a, [1]);
        Assert.Equal(1, await first);

        Task<int> second = Task.Factory.StartNew(() => receiver.Receive(_buffers), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(second.IsCompleted);
        receiver.Shutdown();
        Assert.Equal(0, await second);
    }

    [Fact]
    public void KernelWires_OfAHost_LeadToItsOwnKernelAlone()
    {
        using IDatagramReceiver feed = _a.OpenFeed(1), othersFeed = _b.OpenFeed(1), backup = _a.OpenKernelBackup(1), othersBackup = _b.OpenKernelBackup(1);
        _network.Faults = new NetworkFaults(Loss: 1);
        _a.OpenKernelMaster(1).Send([Datagram(1)]);
        using Daemon.Flow.Wires.IInjectorWire injector = _a.OpenInjector(1);
        injector.Send([Datagram(2)]);

        Assert.InRange(injector.ReadQueue()!.Value.Queued, 1, 4096);
        Assert.Equal([1], Drain(feed));
        Assert.Equal([2], Drain(backup));
        Assert.Empty(Drain(othersFeed));
        Assert.Empty(Drain(othersBackup));
        Assert.Equal(0, injector.ReadQueue()!.Value.Queued);
        backup.Dispose();
        Assert.Null(injector.ReadQueue());
    }

    private static DatagramBuffer Datagram(int number)
    {
        var datagram = new DatagramBuffer(100);
        BitConverter.TryWriteBytes(datagram.Space, number);
        datagram.Length = 100;
        return datagram;
    }

    private static SendOutcome Send(MemoryHost from, IEnumerable<int> numbers)
    {
        using IDatagramSender sender = from.OpenPeerSender(0);
        return sender.Send([.. numbers.Select(Datagram)]);
    }

    /// <summary>The datagrams that wait.</summary>
    private int[] Drain(IDatagramReceiver receiver)
    {
        List<int> arrived = [];
        while (((MemoryReceiver)receiver).Queue.Queued > 0)
        {
            int count = receiver.Receive(_buffers);
            arrived.AddRange(_buffers.Take(count).Select(buffer => BitConverter.ToInt32(buffer.Content)));
        }

        return [.. arrived];
    }
}
