using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class RingReceiverTests : IDisposable
{
    private readonly FakeRing _ring = new();
    private readonly RingReceiver _receiver;
    private readonly DatagramBuffer[] _buffers = [.. Enumerable.Range(0, 4).Select(_ => new DatagramBuffer(RingReceiver.MessageSize))];

    public RingReceiverTests() => _receiver = new RingReceiver(_ring, 0, KernelTicks.PerSecond());

    public void Dispose()
    {
        _receiver.Dispose();
        _ring.Dispose();
    }

    [Fact]
    public void Receive_RecordsThatAreThere_ComeAtOnceAndInOrder()
    {
        for (int i = 0; i < 60; i++)
            _ring.Write(Entries.Tcp(i));
        int count = _receiver.Receive(_buffers);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => Entries.Tcp(i)), _buffers.Take(count).SelectMany(buffer => Messages.Read(buffer.Content)));
        Assert.Equal(_ring.Position, _ring.Released);
    }

    [Fact]
    public async Task Receive_EmptyRing_WaitsForARecord()
    {
        Task<int> received = Task.Run(() => _receiver.Receive(_buffers), TestContext.Current.CancellationToken);
        _ring.Write(Entries.Tcp(1));
        Assert.Equal(1, await received);
    }

    [Fact]
    public void Receive_ShutDown_GivesWhatIsLeftAndEnds()
    {
        _ring.Write(Entries.Tcp(1));
        _receiver.Shutdown();
        Assert.Equal(1, _receiver.Receive(_buffers));
        Assert.Equal(0, _receiver.Receive(_buffers));
        _receiver.Dispose();
        Assert.True(_ring.IsDisposed);
    }

    [Fact]
    public void Receive_PersistenceThatMayNotBeRead_IsLeftToTheMaster()
    {
        byte[] record = FakeRing.Record(Entries.Tcp(1));
        record[22] = 8;
        _ring.Write(record);
        _receiver.Shutdown();
        Assert.Equal(0, _receiver.Receive(_buffers));
        Assert.Equal(_ring.Written, _ring.Position);
    }

    [Fact]
    public async Task Settle_RecordThatIsNotHandledYet_WaitsForIt()
    {
        _ring.Write(Entries.Tcp(1));
        Assert.False(_receiver.Settle(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(1, _receiver.Receive(_buffers));
        // It is handed over, but not in the table yet.
        Assert.False(_receiver.Settle(TimeSpan.FromMilliseconds(1)));
        Task<bool> settled = Task.Run(() => _receiver.Settle(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        Task<int> next = Task.Run(() => _receiver.Receive(_buffers), TestContext.Current.CancellationToken);
        Assert.True(await settled);
        _receiver.Shutdown();
        Assert.Equal(0, await next);
    }
}
