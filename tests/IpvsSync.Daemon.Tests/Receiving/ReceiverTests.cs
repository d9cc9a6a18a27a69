using System.Net;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Receiving;

public sealed class ReceiverTests : IDisposable
{
    private readonly MemoryWire _wire = new();
    private readonly StageCounters _counters = new("received");
    private readonly FakeTimeProvider _time = new();
    private readonly PeerRegistry _peers = new(lanes: 1);
    private readonly ConnectionTable _table;

    public ReceiverTests() => _table = new ConnectionTable(_time);

    public void Dispose()
    {
        _wire.Dispose();
    }

    [Fact]
    public void Step_GoodMessage_ReachesTheTable()
    {
        _wire.Put(Message(5, 1, 2, 3));
        Receiver().Step();

        AssertKnown(1, 2, 3);
        Assert.Equal((1, 3), (_counters.Messages, _counters.Entries));
    }

    [Fact]
    public void Step_SeveralDatagrams_AreCountedOneByOne()
    {
        _wire.Put(Message(5, 1));
        _wire.Put(Message(5, 2));
        Receiver().Step();

        AssertKnown(1, 2);
        Assert.Equal((2, 2), (_counters.Messages, _counters.Entries));
    }

    [Fact]
    public void Step_OlderEntry_IsCountedAndChangesNothing()
    {
        _table.Apply(Entries.Tcp(1, state: 5), Origin.Peer);
        _wire.Put(Message(5, 1));
        Receiver().Step();

        Assert.Equal(1, _counters.Older);
        Assert.Equal(5, Assert.Single(_table.ToList()).Entry.State);
    }

    [Fact]
    public void Step_Garbage_IsCountedByReasonAndChangesNothing()
    {
        _wire.Put([1, 2, 3]);
        _wire.Put([0xFF, 5, 0, 99, 1, 2]);
        _wire.Put(Message(6, 1));
        Receiver().Step();

        AssertKnown();
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

        AssertKnown(1, 3);
        Assert.Equal(1, _counters.Refused(Refusal.StateOutOfRange));
    }

    [Fact]
    public void CountDrops_KernelDropped_IsCountedOnce()
    {
        using var small = new MemoryWire(capacity: 4096);
        for (int number = 0; number < 8; number++)
            small.Put(Message(5, number));
        Receiver receiver = new(small, default, Origin.Peer, _table, _counters);
        receiver.CountDrops();
        receiver.CountDrops();

        Assert.Equal(small.Dropped, _counters.Lost);
        Assert.InRange(small.Dropped, 1, 7);
    }

    [Fact]
    public void Step_HiddenEntry_GoesNoFurther()
    {
        _wire.Put(Message(5, 1, 2));
        new Receiver(_wire, default, Origin.Local, _table, _counters, isHidden: (in ConnectionEntry entry) => entry.Key == Entries.Tcp(1).Key).Step();

        AssertKnown(2);
        Assert.Equal(1, _counters.Entries);
    }

    [Fact]
    public void Step_ManyMessages_ReadsTheClockOnce()
    {
        var time = new CountingTime();
        var table = new ConnectionTable(time);
        for (int message = 0; message < 3; message++)
            _wire.Put(Message(5, [.. Enumerable.Range(40 * message, 40)]));
        int before = time.Readings;
        new Receiver(_wire, new ReaderOptions { SyncId = 5 }, Origin.Peer, table, _counters, peers: new LanePeers(_peers, 0)).Step();

        Assert.Equal(120, table.Count);
        Assert.Equal(before + 1, time.Readings);
    }

    [Fact]
    public void Step_MessagesOfPeers_AreNotedByAddress()
    {
        Receiver receiver = Receiver();
        long firstMs = _table.NowMs;
        Put("10.0.0.2", Message(5, 1, 2));
        receiver.Step();
        _time.Advance(TimeSpan.FromMilliseconds(4321));
        Put("2001:db8::7", Message(5, 3));
        Put("10.0.0.2", Message(5, SyncVersion.V0, 4));
        receiver.Step();

        Assert.Equal(
            [
                new PeerSnapshot(Address("10.0.0.2"), SyncVersion.V0, 2, 3, firstMs + 4321),
                new PeerSnapshot(Address("2001:db8::7"), SyncVersion.V1, 1, 1, firstMs + 4321),
            ],
            _peers.Snapshots);
    }

    [Fact]
    public void Step_MessagesThatCannotBeRead_AreNoPeers()
    {
        Put("10.0.0.2", Message(6, 1));
        Put("10.0.0.3", [1, 2, 3]);
        byte[] badEntry = Message(5, 1, 2);
        badEntry[8 + 9] = 99; // the state of the first entry
        Put("10.0.0.4", badEntry);
        Receiver().Step();

        PeerSnapshot peer = Assert.Single(_peers.Snapshots);
        Assert.Equal((Address("10.0.0.4"), 1, 1), (peer.Address, peer.Messages, peer.Entries));
    }

    [Fact]
    public void Step_SocketShutDown_SaysSo() => Assert.False(Receiver().Step());

    private static SourceAddress Address(string text) => SourceAddress.From(IPAddress.Parse(text));

    private static byte[] Message(byte syncId, params int[] numbers) => Message(syncId, SyncVersion.V1, numbers);

    private static byte[] Message(byte syncId, SyncVersion version, params int[] numbers)
    {
        byte[] buffer = new byte[1472];
        var writer = MessageWriter.Start(buffer, version, syncId);
        foreach (int number in numbers)
            Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(number)));
        return buffer[..writer.Length];
    }

    private void Put(string source, byte[] message)
    {
        _wire.Source = Address(source);
        _wire.Put(message);
    }

    private Receiver Receiver() => new(_wire, new ReaderOptions { SyncId = 5 }, Origin.Peer, _table, _counters, peers: new LanePeers(_peers, 0));

    private void AssertKnown(params int[] numbers) => Assert.Equal(
        numbers.Select(number => Entries.Tcp(number)), _table.ToList().Select(record => record.Entry).OrderBy(entry => entry.Key.ClientPort));

    private sealed class CountingTime : TimeProvider
    {
        public int Readings { get; private set; }

        public override long GetTimestamp()
        {
            Readings++;
            return base.GetTimestamp();
        }
    }
}
