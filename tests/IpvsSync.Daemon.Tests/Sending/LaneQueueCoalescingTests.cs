using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>One entry a connection in what waits; what is not urgent; losses; a change of version.</summary>
public abstract class LaneQueueCoalescingTests(bool hasRecords)
{
    /// <summary>Header and three IPv4 entries.</summary>
    private const int ThreeEntries = 8 + (3 * 36);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[64];
    private readonly uint[] _places = new uint[1 << 16];

    [Fact]
    public void Append_SameConnectionTwice_OnlyTheNewestLeaves()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1), Entries.Tcp(2), Entries.Tcp(1, state: 4, timeout: 120));

        Assert.Equal([Entries.Tcp(1, state: 4, timeout: 120), Entries.Tcp(2)], Take(queue));
        Assert.Equal(1, _counters.Coalesced);
    }

    [Fact]
    public void Append_ConnectionInAFinishedMessage_IsReplacedThere()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1), Entries.Tcp(2), Entries.Tcp(3), Entries.Tcp(4), Entries.Tcp(2, state: 5));

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(2, state: 5), Entries.Tcp(3), Entries.Tcp(4)], Take(queue));
    }

    [Fact]
    public void Append_ConnectionThatHasLeft_LeavesAgain()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1));
        Assert.Equal([Entries.Tcp(1)], Take(queue));
        Append(queue, Entries.Tcp(2), Entries.Tcp(1, state: 4));

        Assert.Equal([Entries.Tcp(2), Entries.Tcp(1, state: 4)], Take(queue));
    }

    [Fact]
    public void Append_EntryOfAnotherLength_FollowsTheOlderOne()
    {
        LaneQueue queue = Queue(messageSize: 1472);
        ConnectionEntry longer = Entries.Tcp(1) with { HasSequence = true, Flags = ConnectionFlags.IP_VS_CONN_F_IN_SEQ };
        Append(queue, Entries.Tcp(1), Entries.Tcp(2), longer);
        Append(queue, longer with { State = 4 });

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(2), longer with { State = 4 }], Take(queue));
    }

    [Fact]
    public void Append_RandomTraffic_EachConnectionLeavesOnceATakeWithItsNewestEntry()
    {
        var random = new Random(7);
        LaneQueue queue = Queue(limit: 1000);
        for (int round = 0; round < 200; round++)
        {
            var newest = new Dictionary<ConnectionKey, ConnectionEntry>();
            for (int i = 0; i < 40; i++)
            {
                ConnectionEntry entry = Entries.Tcp(random.Next(20), timeout: (uint)((round * 40) + i + 1));
                newest[entry.Key] = entry;
                Append(queue, entry);
            }

            List<ConnectionEntry> left = Take(queue);
            Assert.Equal(newest.Count, left.Count);
            Assert.All(left, entry => Assert.Equal(newest[entry.Key], entry));
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(30)));
        }
    }

    [Fact]
    public void Append_MoreConnectionsThanAreKeptInMind_StillCoalesce()
    {
        LaneQueue queue = Queue(messageSize: 1472, limit: 1000);
        for (int round = 0; round < 5; round++)
        {
            for (int number = 0; number < 4000; number++)
                Append(queue, Entries.Tcp((round * 4000) + number));
            for (int number = 0; number < 4000; number++)
                Append(queue, Entries.Tcp((round * 4000) + number, state: 5));
            Assert.Equal(4000, TakeAll(queue));
        }

        Assert.Equal(20000, _counters.Coalesced);
    }

    [Fact]
    public void TakeDue_NotUrgent_WaitsForCompanyAndNoLongerThanItsPatience()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1), isUrgent: false);
        Assert.Equal(0, queue.TakeDue(_taken, out TimeSpan wait));
        Assert.Equal(FlowConstants.DeferredMs, wait.TotalMilliseconds);

        _time.Advance(TimeSpan.FromMilliseconds(FlowConstants.DeferredMs - 1));
        Assert.Equal(0, queue.TakeDue(_taken, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, queue.TakeDue(_taken, out _));
    }

    [Fact]
    public void TakeDue_NewsJoinsWhatIsNotUrgent_BothLeaveAtOnce()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1), isUrgent: false);
        Append(queue, Entries.Tcp(2));

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(2)], Take(queue));
    }

    [Fact]
    public void TakeDue_NewsInThePlaceOfWhatIsNotUrgent_LeavesAtOnce()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1), isUrgent: false);
        Append(queue, Entries.Tcp(1, state: 4));

        Assert.Equal([Entries.Tcp(1, state: 4)], Take(queue));
    }

    [Fact]
    public void TakeDue_AfterNewsHasLeft_WhatIsNotUrgentWaitsAgain()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1));
        Assert.Single(Take(queue));
        Append(queue, Entries.Tcp(2), isUrgent: false);

        Assert.Equal(0, queue.TakeDue(_taken, out _));
    }

    [Fact]
    public void Append_ConnectionOfADroppedMessage_IsWrittenAnew()
    {
        LaneQueue queue = Queue(limit: 1);
        Append(queue, [.. Enumerable.Range(1, 7).Select(number => Entries.Tcp(number))]);
        Append(queue, Entries.Tcp(5, state: 4));

        Assert.Equal([Entries.Tcp(1), Entries.Tcp(2), Entries.Tcp(3), Entries.Tcp(7), Entries.Tcp(5, state: 4)], Take(queue));
    }

    [Fact]
    public void ChangeVersion_MessageUnderConstruction_LeavesInItsOwnVersion()
    {
        LaneQueue queue = Queue();
        Append(queue, Entries.Tcp(1));
        queue.ChangeVersion(SyncVersion.V0);
        Append(queue, Entries.Tcp(2));

        Assert.Equal(2, queue.TakeDue(_taken, out _));
        Assert.Equal(SyncVersion.V1, MessageWriter.Resume(_taken[0].Space).Version);
        Assert.Equal(SyncVersion.V0, MessageWriter.Resume(_taken[1].Space).Version);
    }

    private void Append(LaneQueue queue, params ConnectionEntry[] entries)
    {
        foreach (ConnectionEntry entry in entries)
            Append(queue, entry, isUrgent: true);
    }

    private void Append(LaneQueue queue, in ConnectionEntry entry, bool isUrgent)
    {
        int record = RecordOf(entry);
        Assert.Equal(Refusal.None, queue.Append(entry, default, isUrgent, queue.NowMs, record, ref _places[record]));
    }

    /// <summary>Each connection has a record of its own, or none has one.</summary>
    private int RecordOf(in ConnectionEntry entry) => hasRecords ? entry.Key.ClientPort : 0;

    private List<ConnectionEntry> Take(LaneQueue queue)
    {
        List<ConnectionEntry> entries = [];
        int count = queue.TakeDue(_taken, out _);
        foreach (DatagramBuffer message in _taken.AsSpan(0, count))
            entries.AddRange(Messages.Read(message.Content));

        queue.Return(_taken.AsSpan(0, count));
        return entries;
    }

    private int TakeAll(LaneQueue queue)
    {
        int count = 0;
        for (List<ConnectionEntry> left = Take(queue); left.Count > 0; left = Take(queue))
        {
            count += left.Count;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return count;
    }

    private LaneQueue Queue(int messageSize = ThreeEntries, int limit = 100)
        => new(new LaneQueueOptions(SyncVersion.V1, 5, messageSize, limit, FlushIntervalMs: 0), _counters, _time);
}

/// <summary>As entries come from the table.</summary>
public sealed class LaneQueueCoalescingByRecordTests() : LaneQueueCoalescingTests(hasRecords: true);

/// <summary>As entries come that no table keeps.</summary>
public sealed class LaneQueueCoalescingByKeyTests() : LaneQueueCoalescingTests(hasRecords: false);
