using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

public sealed class LaneQueueTests
{
    /// <summary>Header and three IPv4 entries.</summary>
    private const int ThreeEntries = 8 + (3 * 36);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly DatagramBuffer[] _taken = new DatagramBuffer[8];

    [Fact]
    public void TakeDue_IdleLane_GivesARecordAtOnce()
    {
        LaneQueue queue = Queue();
        Append(queue, 1);

        Assert.Equal(1, queue.TakeDue(_taken, out _));
        Assert.Equal([1], Ports(_taken[0]));
    }

    [Fact]
    public void TakeDue_BusyLane_HoldsAPartFilledMessageForTheRestOfTheFlushInterval()
    {
        LaneQueue queue = Queue(flushMs: 20);
        MakeBusy(queue);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Append(queue, 2);

        Assert.Equal(0, queue.TakeDue(_taken, out TimeSpan wait));
        Assert.Equal(TimeSpan.FromMilliseconds(15), wait);
        _time.Advance(wait);
        Append(queue, 3);
        Assert.Equal(1, queue.TakeDue(_taken, out _));
        Assert.Equal([2, 3], Ports(_taken[0]));
    }

    [Fact]
    public void TakeDue_SteadyRecordsBelowTheBusyRate_NeverWait()
    {
        LaneQueue queue = Queue(flushMs: 20);
        for (int number = 1; number <= 100; number++)
        {
            Append(queue, number);
            Assert.Equal(1, queue.TakeDue(_taken, out _));
            _time.Advance(TimeSpan.FromMilliseconds(20.0 / FlowConstants.BusyDepartures));
        }
    }

    [Fact]
    public void TakeDue_FinishedMessages_NeverWaitForTime()
    {
        LaneQueue queue = Queue();
        MakeBusy(queue);
        Append(queue, 2, 3, 4, 5);

        Assert.Equal(1, queue.TakeDue(_taken, out _));
        Assert.Equal([2, 3, 4], Ports(_taken[0]));
    }

    [Fact]
    public void TakeDue_NothingThere_WaitsForever()
    {
        Assert.Equal(0, Queue().TakeDue(_taken, out TimeSpan wait));
        Assert.Equal(Timeout.InfiniteTimeSpan, wait);
    }

    [Fact]
    public async Task Signal_NewsInAnIdleLane_WakesTheSender()
    {
        // More often than any chance would have it that the sender is not asleep yet.
        LaneQueue queue = Queue(flushMs: 0);
        for (int number = 1; number <= 1000; number++)
        {
            Task<int> taking = Task.Run(() => queue.Take(_taken), TestContext.Current.CancellationToken);
            Append(queue, number);
            queue.Signal();
            Assert.Equal(1, await taking.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Signal_MessageFilledWhileTheSenderWaitsForItsTime_WakesIt()
    {
        // The clock stands still: the flush interval never ends.
        LaneQueue queue = Queue(flushMs: 1_000_000);
        MakeBusy(queue);
        Append(queue, 1);
        Task<int> taking = Task.Run(() => queue.Take(_taken), TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Append(queue, 2, 3, 4);
        queue.Signal();

        Assert.Equal(1, await taking.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3], Ports(_taken[0]));
    }

    [Fact]
    public void Append_EntriesOfManyMessages_LeaveInOrder()
    {
        LaneQueue queue = Queue();
        Append(queue, [.. Enumerable.Range(1, 10)]);

        Assert.Equal(4, queue.TakeDue(_taken, out _));
        Assert.Equal(Enumerable.Range(1, 10), _taken[..4].SelectMany(Ports));
    }

    [Fact]
    public void Append_FullQueue_DropsTheNewestFinishedMessageAndCountsIt()
    {
        LaneQueue queue = Queue(limit: 2);
        Append(queue, [.. Enumerable.Range(1, 11)]);

        Assert.Equal(3, queue.TakeDue(_taken, out _));
        Assert.Equal([1, 2, 3, 4, 5, 6, 10, 11], _taken[..3].SelectMany(Ports));
        Assert.Equal(1, _counters.Lost);
    }

    [Fact]
    public void Append_EntryLargerThanTheMessageSize_GoesAlone()
    {
        LaneQueue queue = Queue(messageSize: 1);
        Append(queue, 1, 2);

        Assert.Equal(2, queue.TakeDue(_taken, out _));
        Assert.Equal([1], Ports(_taken[0]));
        Assert.Equal([2], Ports(_taken[1]));
    }

    [Fact]
    public void Append_WhatTheVersionCannotCarry_IsRefusedAndLeavesTheRest()
    {
        LaneQueue queue = Queue(version: SyncVersion.V0);
        Append(queue, 1);
        ConnectionEntry v6 = Entries.Tcp(2) with { Key = Entries.Tcp(2).Key with { Family = IpFamily.IPv6 } };

        Assert.Equal(Refusal.NotIPv4ForV0, queue.Append(v6));
        Append(queue, 3);
        queue.TakeDue(_taken, out _);
        Assert.Equal([1, 3], Ports(_taken[0]));
    }

    [Fact]
    public void Take_Completed_DrainsWithoutWaitingAndEnds()
    {
        LaneQueue queue = Queue(flushMs: 10_000);
        MakeBusy(queue);
        Append(queue, 2, 3, 4, 5);
        queue.Complete();

        Assert.Equal(2, queue.Take(_taken));
        Assert.Equal([2, 3, 4, 5], _taken[..2].SelectMany(Ports));
        Assert.Equal(0, queue.Take(_taken));
    }

    [Fact]
    public void Return_Messages_AreFilledAgain()
    {
        LaneQueue queue = Queue();
        Append(queue, 1);
        queue.TakeDue(_taken, out _);
        DatagramBuffer first = _taken[0];
        queue.Return(_taken.AsSpan(0, 1));
        Append(queue, 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        queue.TakeDue(_taken, out _);

        Assert.Same(first, _taken[0]);
        Assert.Equal([2], Ports(_taken[0]));
    }

    private static void Append(LaneQueue queue, params int[] numbers)
    {
        foreach (int number in numbers)
            Assert.Equal(Refusal.None, queue.Append(Entries.Tcp(number - 1)));
    }

    private void MakeBusy(LaneQueue queue)
    {
        for (int number = 1; number <= FlowConstants.BusyDepartures; number++)
        {
            Append(queue, number);
            Assert.Equal(1, queue.TakeDue(_taken, out _));
        }
    }

    private static List<int> Ports(DatagramBuffer message)
    {
        return [.. Messages.Read(message.Content).Select(entry => (int)entry.Key.ClientPort)];
    }

    private LaneQueue Queue(int messageSize = ThreeEntries, int limit = 100, int flushMs = 20, SyncVersion version = SyncVersion.V1)
        => new(new LaneQueueOptions(version, 5, messageSize, limit, flushMs), _counters, _time);
}
