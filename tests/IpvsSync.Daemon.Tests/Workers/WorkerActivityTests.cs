using IpvsSync.Daemon.Tests.Sending;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Workers;

/// <summary>A worker has something taken up while it handles its input, and while it waits it has not.</summary>
public sealed class WorkerActivityTests : IDisposable
{
    private readonly List<bool> _busy = [];
    private readonly WatchedWire _wire;
    private readonly LaneQueue _queue;
    private readonly Sender _sender;
    private readonly Receiver _receiver;

    public WorkerActivityTests()
    {
        _wire = new WatchedWire(() => Note(_sender!.Activity), () => Note(_receiver!.Activity));
        var counters = new StageCounters("odd");
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, 8, 20), counters, TimeProvider.System);
        _sender = new Sender(_queue, _wire, counters);
        _receiver = new Receiver(_wire, new ReaderOptions(), Origin.Peer, new ConnectionTable(TimeProvider.System), counters, isHidden: Hide);
        _queue.Append(Entries.Tcp(1));
        _queue.Complete();
    }

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Sender_Sends_IsBusyUntilItHasSent()
    {
        Assert.True(_sender.Step());
        Note(_sender.Activity);
        Assert.False(_sender.Step());
        Note(_sender.Activity);
        Assert.Equal([true, false, false], _busy);
    }

    [Fact]
    public void Receiver_WaitsThenHandles_IsBusyOnlyWhileItHandles()
    {
        _sender.Step();
        _busy.Clear();
        Assert.True(_receiver.Step());
        Assert.False(_receiver.Step());
        Note(_receiver.Activity);
        Assert.Equal([false, true, false, false], _busy);
    }

    private bool Hide(in ConnectionEntry entry)
    {
        Note(_receiver.Activity);
        return true;
    }

    private void Note(WorkerActivity activity) => _busy.Add((activity.Turns & 1) != 0);

    /// <summary>A wire that says when it is used.</summary>
    private sealed class WatchedWire(Action sends, Action waits) : IDatagramSender, IDatagramReceiver
    {
        private readonly MemoryWire _inner = new();

        public long Dropped => 0;

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            sends();
            return _inner.Send(datagrams);
        }

        public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
        {
            waits();
            return _inner.Receive(buffers);
        }

        public void Shutdown()
        {
        }

        public void Dispose() => _inner.Dispose();
    }
}
