using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Receiving;

public sealed class ReceiverTests : IDisposable
{
    private readonly MemoryWire _wire = new();
    private readonly RecordingSink _sink = new();
    private readonly StageCounters _counters = new("received");
    private readonly ConnectionTable _table = new(TimeProvider.System);

    public void Dispose()
    {
        _wire.Dispose();
        _sink.Dispose();
    }

    [Fact]
    public void Step_GoodMessage_ReachesTableAndSinkInOrder()
    {
        _wire.Put(Message(5, 1, 2, 3));
        Receiver().Step();

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(2), Entries.Tcp(3)], _sink.Added);
        Assert.Equal(1, _sink.Flushes);
        Assert.Equal(3, _table.Count);
        Assert.Equal((1, 3), (_counters.Messages, _counters.Entries));
    }

    [Fact]
    public void Step_SeveralDatagrams_FlushTheSinkOnce()
    {
        _wire.Put(Message(5, 1));
        _wire.Put(Message(5, 2));
        Receiver().Step();

        Assert.Equal(2, _sink.Added.Count);
        Assert.Equal(1, _sink.Flushes);
    }

    [Fact]
    public void Step_Garbage_IsCountedByReasonAndChangesNothing()
    {
        _wire.Put([1, 2, 3]);
        _wire.Put([0xFF, 5, 0, 99, 1, 2]);
        _wire.Put(Message(6, 1));
        Receiver().Step();

        Assert.Empty(_sink.Added);
        Assert.Equal(0, _table.Count);
        Assert.Equal(1, _counters.Refused(Refusal.MessageTooShort));
        Assert.Equal(1, _counters.Refused(Refusal.SizeMismatch));
        Assert.Equal(1, _counters.Refused(Refusal.OtherSyncId));
    }

    [Fact]
    public void Step_BadEntryAmongGoodOnes_CostsOnlyItself()
    {
        byte[] message = Message(5, 1, 2, 3);
        message[8 + 36 + 9] = 99; // the state of the second entry
        _wire.Put(message);
        Receiver().Step();

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(3)], _sink.Added);
        Assert.Equal(1, _counters.Refused(Refusal.StateOutOfRange));
    }

    [Fact]
    public void CountDrops_KernelDropped_IsCountedOnce()
    {
        Receiver receiver = Receiver();
        _wire.Dropped = 4;
        receiver.CountDrops();
        receiver.CountDrops();

        Assert.Equal(4, _counters.Lost);
    }

    [Fact]
    public void Step_HiddenEntry_GoesNoFurther()
    {
        _wire.Put(Message(5, 1, 2));
        new Receiver(_wire, default, Origin.Local, _table, _sink, _counters, isHidden: (in ConnectionKey key) => key == Entries.Tcp(1).Key).Step();

        Assert.Equal([Entries.Tcp(2)], _sink.Added);
        Assert.Equal((1, 1), (_table.Count, _counters.Entries));
    }

    [Fact]
    public void Step_SocketShutDown_SaysSo() => Assert.False(Receiver().Step());

    private static byte[] Message(byte syncId, params int[] numbers)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, SyncVersion.V1, syncId);
        foreach (int number in numbers)
            Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(number)));
        return buffer[..writer.Length];
    }

    private Receiver Receiver() => new(_wire, new ReaderOptions { SyncId = 5 }, Origin.Peer, _table, _sink, _counters);

    private sealed class RecordingSink : IConnectionSink
    {
        public List<ConnectionEntry> Added { get; } = [];

        public int Flushes { get; private set; }

        public void Add(in ConnectionEntry entry, PersistenceData persistence) => Added.Add(entry);

        public void Flush() => Flushes++;

        public void Dispose()
        {
        }
    }
}
