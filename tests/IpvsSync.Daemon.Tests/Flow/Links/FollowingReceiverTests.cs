using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Flow.Links;

public sealed class FollowingReceiverTests : IDisposable
{
    private readonly MemoryLink _interface = new();
    private readonly FakeLogger _log = new();
    private readonly SyncLink _link;
    private readonly List<MemoryReceiver> _sockets = [];
    private readonly DatagramBuffer[] _buffers = [new(64)];
    private volatile KernelException? _refusal;

    public FollowingReceiverTests() => _link = new SyncLink("eth1", () => _interface, new FakeTimeProvider(), _log);

    public void Dispose() => _link.Dispose();

    [Fact]
    public void Open_InterfaceHasNeverBeenThere_Throws()
    {
        _interface.Become(null);
        _refusal = new KernelException("find interface eth1", Errno.ENODEV);
        _link.Begin();

        Assert.Throws<KernelException>(Make);
    }

    [Fact]
    public async Task Receive_InterfaceIsMadeAgain_ReceivesOnANewSocket()
    {
        _link.Begin();
        using FollowingReceiver receiver = Make();
        Put(1);
        Assert.Equal(1, Receive(receiver));
        Task<int> next = Task.Factory.StartNew(() => Receive(receiver), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Become(null);
        Become(MemoryLink.Up with { Index = 2 });
        Until.True(() => SocketCount == 2);
        Put(2);

        Assert.Equal(2, await next);
    }

    [Fact]
    public void Receive_DatagramsWaitInTheOldSocket_AreReceivedFirst()
    {
        _link.Begin();
        using FollowingReceiver receiver = Make();
        Put(1);
        Become(MemoryLink.Up with { Index = 2 });
        Assert.Equal(1, Receive(receiver));
    }

    [Fact]
    public async Task Receive_NoInterface_WaitsForIt()
    {
        _link.Begin();
        using FollowingReceiver receiver = Make();
        _refusal = new KernelException("find interface eth1", Errno.ENODEV);
        Become(null);
        Become(MemoryLink.Up with { IsUp = false });
        Task<int> next = Task.Factory.StartNew(() => Receive(receiver), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _refusal = null;
        Become(MemoryLink.Up);
        Until.True(() => SocketCount == 2);
        Put(2);

        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Shutdown_WaitingForASocket_EndsReceiving()
    {
        _link.Begin();
        using FollowingReceiver receiver = Make();
        Become(null);
        _sockets[0].Shutdown();
        Task<int> next = Task.Factory.StartNew(() => receiver.Receive(_buffers), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        receiver.Shutdown();

        Assert.Equal(0, await next);
    }

    [Fact]
    public async Task Dropped_SocketWasReplaced_IsTheSum()
    {
        _link.Begin();
        using FollowingReceiver receiver = Make();
        for (int i = 0; i < 100; i++)
            Put(i);
        long dropped = receiver.Dropped;
        Assert.NotEqual(0, dropped);
        Become(MemoryLink.Up with { Index = 2 });
        while (_sockets[0].Queue.Queued > 0)
            Receive(receiver);
        Task<int> next = Task.Factory.StartNew(() => Receive(receiver), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Until.True(() => SocketCount == 2);

        Assert.Equal(dropped, receiver.Dropped);
        Put(7);
        Assert.Equal(7, await next);
    }

    [Fact]
    public void Dispose_LinkChangesAfterwards_OpensNothing()
    {
        _link.Begin();
        Make().Dispose();
        Become(null);
        Become(MemoryLink.Up with { Index = 2 });

        Assert.Equal(1, SocketCount);
    }

    private int SocketCount
    {
        get
        {
            lock (_sockets)
                return _sockets.Count;
        }
    }

    private FollowingReceiver Make() => new FollowingReceiver(_link, OpenSocket, _log).Open();

    private MemoryReceiver OpenSocket()
    {
        if (_refusal is { } refusal)
            throw refusal;
        lock (_sockets)
        {
            _sockets.Add(new MemoryReceiver(capacity: 8192));
            return _sockets[^1];
        }
    }

    private void Put(int number) => _sockets[^1].Put(BitConverter.GetBytes(number), default);

    private int Receive(FollowingReceiver receiver)
    {
        Assert.Equal(1, receiver.Receive(_buffers));
        return BitConverter.ToInt32(_buffers[0].Content);
    }

    private void Become(LinkState? state)
    {
        _interface.Become(state);
        _link.Update();
    }
}
